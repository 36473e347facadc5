/**
 * The value of a StringSetField: a Set that remembers how it differs from the members it began with, so that a
 * save sends additions and deletions alone and leaves what others wrote meanwhile.
 */
export class TrackedSet extends Set<string> {
  // Set's constructor calls add(), before the fields of this class are there.
  #added: Set<string> | undefined;
  #deleted: Set<string> | undefined;
  #stored: ReadonlySet<string> | undefined;

  constructor(members: Iterable<string> = []) {
    super();
    for (const member of members) super.add(member);
    this.#stored = new Set(this);
  }

  override add(member: string): this {
    if (!this.has(member)) {
      super.add(member);
      if (this.#stored?.has(member)) this.#deleted?.delete(member);
      else (this.#added ??= new Set()).add(member);
    }
    return this;
  }

  override delete(member: string): boolean {
    const was = super.delete(member);
    if (was) {
      if (this.#stored?.has(member)) (this.#deleted ??= new Set()).add(member);
      else this.#added?.delete(member);
    }
    return was;
  }

  override clear(): void {
    for (const member of [...this]) this.delete(member);
  }

  /** null where nothing differs. */
  get differences(): { added: string[]; deleted: string[] } | null {
    const added = [...(this.#added ?? [])];
    const deleted = [...(this.#deleted ?? [])];
    return added.length + deleted.length > 0 ? { added, deleted } : null;
  }

  /** A write of `sent` came to `stored`: takes that as the new beginning, and keeps what changed since it was sent. */
  rebase(stored: Iterable<string>, sent: { added: string[]; deleted: string[] }): void {
    const since = this.differences ?? { added: [], deleted: [] };
    const undone = {
      added: sent.deleted.filter((member) => this.has(member)),
      deleted: sent.added.filter((member) => !this.has(member)),
    };
    this.#stored = undefined;
    for (const member of [...this]) super.delete(member);
    this.#added = undefined;
    this.#deleted = undefined;
    for (const member of stored) super.add(member);
    this.#stored = new Set(this);
    for (const member of [...since.added, ...undone.added]) this.add(member);
    for (const member of [...since.deleted, ...undone.deleted]) this.delete(member);
  }

  static override get [Symbol.species](): SetConstructor {
    return Set;
  }
}
