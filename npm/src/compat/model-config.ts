export { IndexConfig, PrimaryKeyConfig, UniqueConstraintConfig } from "../index.js";
