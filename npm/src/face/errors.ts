/** The base of what this library throws. `code` tells the kinds apart without their classes. */
export class BaoError extends Error {
  readonly code: string;
  /** The model concerned, where there is one. */
  modelName?: string;

  constructor(message: string, code = "BAO_ERROR") {
    super(message);
    this.code = code;
  }
}

/** A model or a setting is wrong: nothing was sent. */
export class ConfigurationError extends BaoError {
  constructor(message: string, modelName?: string) {
    super(message, "CONFIGURATION_ERROR");
    if (modelName !== undefined) this.modelName = modelName;
  }
}

/** A value does not fit its field: nothing was sent. */
export class ValidationError extends BaoError {
  /** @internal The name or path by which a write was given the value. */
  declare given?: string;

  constructor(
    message: string,
    readonly fieldName?: string,
    readonly value?: unknown,
  ) {
    super(message, "VALIDATION_ERROR");
  }
}

/** A query names an unknown index, field or operator: nothing was sent. */
export class QueryError extends BaoError {
  constructor(
    message: string,
    readonly indexName?: string,
    readonly fieldName?: string,
  ) {
    super(message, "QUERY_ERROR");
  }
}

/** The item to change does not exist. */
export class ItemNotFoundError extends BaoError {
  constructor(
    message = "Item not found",
    readonly primaryId?: string,
  ) {
    super(message, "ITEM_NOT_FOUND");
  }
}

/** A condition, a unique constraint or "must not exist" was not met. */
export class ConditionalError extends BaoError {
  constructor(
    message: string,
    readonly operation?: string,
    readonly condition?: unknown,
    readonly fieldName?: string,
  ) {
    super(message, "CONDITIONAL_ERROR");
  }
}

/** Stored bytes, or an answer, that this library cannot understand. */
export class DataFormatError extends BaoError {
  constructor(
    message: string,
    readonly data?: unknown,
    readonly expectedFormat?: string,
    readonly fieldName?: string,
  ) {
    super(message, "DATA_FORMAT_ERROR");
  }
}

interface ServiceDetails {
  serviceName?: string | undefined;
  serviceText?: string | undefined;
  status?: number | undefined;
  requestId?: string | undefined;
  retryable?: boolean | undefined;
}

/** DynamoDB refused the request. */
export class ServiceError extends BaoError {
  /** DynamoDB's name for the error, e.g. "ResourceNotFoundException". */
  readonly serviceName: string | undefined;
  /** DynamoDB's own message. */
  readonly serviceText: string | undefined;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly requestId: string | undefined;
  /** Trying the same call again later may succeed. */
  readonly retryable: boolean;

  constructor(message: string, details: ServiceDetails = {}, code = "SERVICE_ERROR") {
    super(message, code);
    this.serviceName = details.serviceName;
    this.serviceText = details.serviceText;
    this.status = details.status ?? 0;
    this.requestId = details.requestId;
    this.retryable = details.retryable ?? false;
  }
}

/** Still throttled, or keys still unprocessed, when retries ran out. */
export class ThrottlingError extends ServiceError {
  constructor(message: string, details: ServiceDetails = {}) {
    super(message, details, "THROTTLING");
  }
}

/** The deadline of the call passed. */
export class TimeoutError extends BaoError {
  constructor(message: string) {
    super(message, "TIMEOUT");
  }
}

/** No usable connection when retries ran out. */
export class TransportError extends BaoError {
  constructor(message: string) {
    super(message, "TRANSPORT_ERROR");
  }
}

/** The answer to a write was lost, and nothing can prove its outcome. */
export class AmbiguousWriteError extends BaoError {
  constructor(message: string) {
    super(message, "AMBIGUOUS_WRITE");
  }
}

/** The caller's AbortSignal ended the call. */
export class CancelledError extends BaoError {
  constructor(message: string) {
    super(message, "CANCELLED");
  }
}

/** Strict mode: a request outside runWithBatchContext. */
export class BatchContextRequiredError extends BaoError {
  constructor(message: string) {
    super(message, "BATCH_CONTEXT_REQUIRED");
  }
}

/** The error, with its model. */
export function ofModel<E extends BaoError>(modelName: string, error: E): E {
  error.modelName = modelName;
  return error;
}
