/** So many open groups in a row, of two seconds as a rule, and whoever joins waits too long for an IDR. */
const MANY = 3

/** Are the groups of a stream open? One with an IDR now and then can be begun in time; one with none, or hardly any, cannot. */
export class GroupWatch {
  #inARow = 0
  #hasClosed = false
  #isOpen = false

  /** Of the next key frame. Answers what is thought of the stream by now. */
  see(isOpen: boolean): boolean {
    this.#inARow = isOpen ? this.#inARow + 1 : 0
    this.#hasClosed ||= !isOpen
    this.#isOpen ||= this.#inARow >= MANY
    return this.#isOpen || (isOpen && !this.#hasClosed)
  }
}
