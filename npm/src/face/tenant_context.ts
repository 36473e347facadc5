/** On whose behalf calls are made, in tables that several tenants share. */
import { currentStore, runWithTenantStore, type Store } from "./context.js";
import { ConfigurationError, ValidationError } from "./errors.js";
import { ModelManager } from "./model_manager.js";
import { illFormed, isIllFormed } from "./unicode.js";

export type TenantResolver = () => string | null | undefined;

const required =
  "Tenant context is required when tenancy is enabled. Use TenantContext.runWithTenant(tenantId, callback) or add tenant resolvers.";

let fallback: string | null = null;
let resolvers: TenantResolver[] = [];

function checked(tenant: unknown): string {
  if (typeof tenant !== "string" || tenant === "") {
    throw new ValidationError(`A tenant id must be a text with at least one character, not ${JSON.stringify(tenant) ?? String(tenant)}`, "tenantId", tenant);
  }
  if (tenant.includes("]#")) throw new ValidationError(`The tenant id ${JSON.stringify(tenant)} contains "]#"`, "tenantId", tenant);
  // Two such ids would be the same tenant's.
  if (isIllFormed(tenant)) throw new ValidationError(`The tenant id ${JSON.stringify(tenant)}: ${illFormed}`, "tenantId", tenant);
  return tenant;
}

/** The tenant goes with each call: the one of the async context first, then the one set, then the resolvers'. */
export class TenantContext {
  /** Runs the callback, and all that it awaits, on behalf of the tenant. Gives what the callback gives. */
  static runWithTenant<R>(tenantId: string, callback: () => R): R {
    if (typeof callback !== "function") throw new ConfigurationError("TenantContext.runWithTenant takes a function");
    return runWithTenantStore(checked(tenantId), callback);
  }

  static withTenant<R>(tenantId: string, callback: () => R): R {
    return this.runWithTenant(tenantId, callback);
  }

  /** Sets the tenant of the current async context; outside of any, of all calls outside of any. */
  static setCurrentTenant(tenantId: string): void {
    const store = currentStore();
    if (store !== undefined) store.tenant = checked(tenantId);
    else fallback = checked(tenantId);
  }

  static getCurrentTenant(): string | null {
    return tenantIn(currentStore());
  }

  /** Takes back what setCurrentTenant set. */
  static clearTenant(): void {
    const store = currentStore();
    if (store !== undefined) store.tenant = null;
    else fallback = null;
  }

  /** Asked in order, where no tenant is set; the first that gives one has answered. */
  static addResolver(resolver: TenantResolver): void {
    if (typeof resolver !== "function") throw new ConfigurationError("Resolver must be a function");
    resolvers.push(resolver);
  }

  static clearResolvers(): void {
    resolvers = [];
  }

  /** Throws where tenancy is enabled and there is no tenant. */
  static validateTenantRequired(config?: { tenancy?: { enabled?: boolean | undefined } | undefined } | null): void {
    if (config?.tenancy?.enabled && this.getCurrentTenant() === null) throw new ConfigurationError(required);
  }

  /** Forgets the tenant set and the resolvers. */
  static reset(): void {
    this.clearTenant();
    fallback = null;
    resolvers = [];
  }

  /** The manager of a test (`testId`). */
  static getInstance(testId?: string | null): ModelManager {
    return ModelManager.getInstance(testId);
  }
}

function tenantIn(store: Store | undefined): string | null {
  if (store?.tenant !== undefined && store.tenant !== null) return store.tenant;
  if (fallback !== null) return fallback;
  for (const resolver of resolvers) {
    const tenant = resolver();
    if (tenant !== null && tenant !== undefined && tenant !== "") return checked(tenant);
  }
  return null;
}

/** The tenant of a call; "" for none, which is an error where tenancy is enabled. */
export function tenantOfCall(store: Store | undefined, enabled: boolean): string {
  const tenant = tenantIn(store);
  if (tenant === null && enabled) throw new ConfigurationError(required);
  return tenant ?? "";
}

export { checked as checkedTenant };
