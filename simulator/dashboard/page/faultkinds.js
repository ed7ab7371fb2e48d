// The faults there are, in a word for what each does to the receiver, and how those of a scene are told. Out: values.
import { durationText } from "sim/words.js";

/** `takes`: the details that mean something to this kind alone. */
export const KINDS = [
  { kind: "refuse", name: "Refuse", does: "the connection is refused; the receiver sees nothing" },
  { kind: "dns", name: "DNS", does: "the name does not resolve; the receiver sees nothing" },
  { kind: "tls", name: "TLS", does: "the certificate is not accepted; the receiver sees nothing" },
  { kind: "reset", name: "Reset", does: "the connection breaks off before it answers" },
  { kind: "timeout", name: "Timeout", does: "the request never arrives; the sender waits in vain" },
  { kind: "lost_response", name: "Lost response", does: "the receiver does the work; its answer is lost" },
  { kind: "slow", name: "Slow", does: "its answer takes so much longer", takes: "delay" },
  { kind: "status", name: "Status", does: "something in between answers with a status code", takes: "status" },
  { kind: "redirect", name: "Redirect", does: "something in between answers 302, which nobody follows" },
  { kind: "malformed", name: "Malformed", does: "what comes back is not HTTP" },
  { kind: "duplicate", name: "Duplicate", does: "after a success it gets the same request again", takes: "delay" },
  { kind: "reorder", name: "Reorder", does: "first attempts wait, so that later events overtake them", takes: "delay" },
  { kind: "flap", name: "Flap", does: "down and up in turn, refused while down", takes: "period" },
];

export const nameOf = (kind) => KINDS.find((one) => one.kind === kind)?.name ?? kind;

/** On whom: the name of a subscription, or everybody. */
export function scopeText(scene, fault) {
  if (!fault.subscriptionId) return fault.record.event ? `every ${fault.record.event}` : "the whole wire";
  const name = scene.subscriptions.find((one) => one.id === fault.subscriptionId)?.name ?? fault.subscriptionId;
  return fault.record.event ? `${name}, ${fault.record.event}` : name;
}

/** How long it has lasted, or how long it will. */
export function lengthText(fault, now) {
  return fault.to === null ? durationText(now - fault.from) || "0 s" : `${durationText(fault.to - now)} left`;
}
