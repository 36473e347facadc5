/** Unicode's tables, which the module does without (src/core/search/search_text.hpp says what it asks for). */

/** Words with one space between them, in lower case where asked for. */
export function foldText(text: string, lower: boolean): string {
  const words = text.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  return lower ? words.toLowerCase() : words;
}
