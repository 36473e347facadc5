/**
 * Texts that are no Unicode: half a surrogate pair (`"\ud800"`) has no UTF-8. Encoders write U+FFFD for each, so that different
 * texts would be one key.
 */

const surrogate = /[\ud800-\udfff]/;
/** Of a pair, this sees the whole character. */
const lone = /\p{Surrogate}/u;

/** The engines know of a text of one byte a character that it has none: then this costs nothing by its length. */
export function isIllFormed(text: string): boolean {
  return surrogate.test(text) && lone.test(text);
}

export const illFormed = "half a surrogate pair is no Unicode text";
