/**
 * `dynamo-bao/src/model.js`, which model files import that the older package generated: their tables have keys in
 * format 1, unless the file says otherwise.
 */
import { BaoModel as Base } from "../index.js";

export class BaoModel extends Base {
  static override keyFormat: 1 | 2 = 1;
}

export { IndexConfig, PrimaryKeyConfig, UniqueConstraintConfig } from "../index.js";
