import { exceptions } from "../index.js";

export const {
  AmbiguousWriteError,
  BaoError,
  BatchContextRequiredError,
  CancelledError,
  ConditionalError,
  ConfigurationError,
  DataFormatError,
  ItemNotFoundError,
  QueryError,
  ServiceError,
  ThrottlingError,
  TimeoutError,
  TransportError,
  ValidationError,
} = exceptions;
