/** Items belong to the tenant on whose behalf they were read or written: what is done with one is done on that behalf. */
import { currentStore, runWithTenantStore } from "./context.js";
import { ValidationError } from "./errors.js";
import { BaoModel } from "./model.js";
import { tenantOfCall } from "./tenant_context.js";

/** A tenant, or none, in the words of an error. */
export const named = (tenant: string) => (tenant === "" ? "no tenant" : `tenant ${JSON.stringify(tenant)}`);

/** Refuses an item of another tenant than the one of a call, which may have an item of the same id. */
export function refuseStranger(instance: BaoModel, tenant: string): void {
  const state = BaoModel.stateOf(instance);
  if (!state.loaded || state.tenant === tenant) return;
  const name = `${instance.constructor.name} ${JSON.stringify(state.id)}`;
  throw new ValidationError(`${name} is an item of ${named(state.tenant)}, and the call is made on behalf of ${named(tenant)}`, "tenantId", tenant);
}

/** Makes a call about an instance. Where no tenant is set, the item's own is. */
export function forItsTenant<R>(instance: BaoModel, call: () => Promise<R>): Promise<R> {
  const state = BaoModel.stateOf(instance);
  try {
    const tenant = tenantOfCall(currentStore(), false);
    if (tenant === "" && state.loaded && state.tenant !== "") return runWithTenantStore(state.tenant, call);
    refuseStranger(instance, tenant);
  } catch (error) {
    return Promise.reject(error as Error);
  }
  return call();
}
