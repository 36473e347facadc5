import type { Core, CoreSettings } from "./contract.js";
import { BridgeCore } from "./core.js";

export { hasEmbeddedEngine, provideEmbeddedEngine } from "./embedded_engine.js";
export { hasModule, provideModule } from "./module.js";
export { provideTransport } from "./transport.js";

export function createCore(settings: CoreSettings): Core {
  return new BridgeCore(settings);
}
