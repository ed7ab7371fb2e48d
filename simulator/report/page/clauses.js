// By which clause of the provider's contract something was decided, and what that clause says.
// In: a reason as it was recorded. Out: its clause and a sentence. The table holds reasons that name none themselves.

const NAMED = /\(([A-Z]\d+)\)$/;
const REASONS = [
  [/^filter .* wants /s, "E3"],
];
const SENTENCES = {
  E3: "Filters are decided once, when the event occurs: every one must match, exactly.",
  R1: "Delivered means a complete 2xx answer within the time limit.",
  R3: "A failed attempt is followed by the next place of the ladder; after the last one the delivery is exhausted.",
  R5: "Each retry uses the latest definition; moved to another event, a subscription drops what is pending.",
  R6: "Disabling or deleting a subscription cancels its pending retries for good.",
  R7: "Too many failing attempts without a success among them disable the subscription.",
  R8: "Events that occur while a subscription is disabled are not delivered later.",
  R10: "A resend is a person's: a fresh chain, with the definition as it is now.",
  R11: "Order is not guaranteed, and duplicates happen: both are made on purpose here, and marked.",
  R14: "What was on the wire when the sender died is sent again: at least once.",
};

/** `R3`, or nothing where no clause is known. */
export const clauseOf = (reason) => NAMED.exec(reason)?.[1] ?? REASONS.find(([said]) => said.test(reason))?.[1] ?? null;

/** The reason with its clause in brackets. */
export function withClause(reason) {
  const clause = clauseOf(reason);
  return clause && !NAMED.test(reason) ? `${reason} (${clause})` : reason;
}

/** What the clause of a reason says. */
export const sentenceOf = (reason) => SENTENCES[clauseOf(reason)] ?? "";
