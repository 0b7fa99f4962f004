/** Something about a certificate, a request, a list or a bundle that is not as it must be; the message says what, and never holds a key. */
export class PkiError extends Error {}
