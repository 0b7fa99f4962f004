import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

export interface TokenBounds {
  /** Of a token, at random. */
  readonly bytes: number;
  readonly perOwner: number;
  readonly inAll: number;
}

interface Kept<T> {
  readonly hash: Buffer;
  readonly value: T;
}

/**
 * Random tokens, each of which stands for something. Only their hashes are kept, so that nobody can use what he reads in
 * this process's memory. Where an owner has too many, or all have, the oldest one makes room.
 */
export class Tokens<T extends { readonly owner: string }> {
  /** Oldest first. */
  private kept: readonly Kept<T>[] = [];

  constructor(private readonly bounds: TokenBounds) {}

  issue(value: T): string {
    const token = randomBytes(this.bounds.bytes).toString("base64url");
    const own = this.kept.filter((each) => each.value.owner === value.owner);
    if (own.length >= this.bounds.perOwner) this.drop(own[0]);
    else if (this.kept.length >= this.bounds.inAll) this.drop(this.kept[0]);
    this.kept = [...this.kept, { hash: hashOf(token), value }];
    return token;
  }

  /** Each one is compared, and wholly: how long it takes says nothing of any. */
  find(token: string): T | null {
    const hash = hashOf(token);
    let found: T | null = null;
    for (const each of this.kept) if (timingSafeEqual(each.hash, hash)) found = each.value;
    return found;
  }

  forget(value: T): void {
    this.keep((each) => each !== value);
  }

  keep(condition: (value: T) => boolean): void {
    this.kept = this.kept.filter(({ value }) => condition(value));
  }

  private drop(one: Kept<T> | undefined): void {
    this.kept = this.kept.filter((each) => each !== one);
  }
}

const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();
