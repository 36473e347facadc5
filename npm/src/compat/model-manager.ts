export { ModelManager } from "../index.js";
