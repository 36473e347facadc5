export { TenantContext } from "../index.js";
