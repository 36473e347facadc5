import type { MakeError } from "./contract.js";

export interface Endpoint {
  /** The embedded engine answers. */
  memory: boolean;
  url: string;
  /** The Host header, which is signed. */
  host: string;
}

export function parseEndpoint(text: string, makeError: MakeError): Endpoint {
  if (text === "memory:") return { memory: true, url: "", host: "" };
  const refuse = (reason: string): Error =>
    makeError({ kind: "ConfigurationError", message: `endpoint '${text.slice(0, 100)}' ${reason}`, value: text.slice(0, 100) });
  if (text.startsWith("file:")) throw refuse("needs the native library: there is no embedded engine with files here");
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse("is not an address such as https://dynamodb.us-west-2.amazonaws.com, nor memory:");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") throw refuse("must start with https://, http:// or memory:");
  if ((url.pathname !== "/" && url.pathname !== "") || url.search !== "" || url.hash !== "") throw refuse("must have no path");
  if (url.username !== "" || url.password !== "") throw refuse("must not hold a user name or password");
  return { memory: false, url: `${url.origin}/`, host: url.host };
}
