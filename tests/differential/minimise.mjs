/** The shortest list of operations that still `shows` a difference (an async function of a list): parts are left out, halves first, then
 * ever smaller ones, down to single operations. The first one, which creates the table, and the last, whose answer differs, stay. */
export async function minimise(operations, shows) {
  let list = operations;
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 1; from + size < list.length; ) {
      const shorter = [...list.slice(0, from), ...list.slice(from + size)];
      if (await shows(shorter)) list = shorter;
      else from += size;
    }
  }
  return list;
}
