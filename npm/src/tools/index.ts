/** The commands behind npm/bin. */
export { baoCodegen } from "./bao_codegen.js";
export { main } from "./command.js";
export { generate } from "./module.js";
export { parseYaml } from "./yaml_tree.js";
export { readDefinitions } from "./definitions.js";
