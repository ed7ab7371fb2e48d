// May this receiver go live: every clause with its verdict, what was found, what to do, and how to see it again.
// In: the report's facts. Out: a tree, or nothing where no contract was checked; how many there are of each verdict.
import { copyButton, h } from "sim/dom.js";
import { icon } from "sim/marks.js";
import { numberText } from "sim/words.js";

const ICONS = { pass: "ok", fail: "bad", warn: "late", unknown: "unknown", skipped: "dash" };
const ORDER = ["fail", "warn", "unknown", "pass", "skipped"];

/** `1 fail, 22 pass, 5 skipped`: each verdict for itself, none counted as another. */
export function tallyText(judgements) {
  const counts = ORDER.map((verdict) => [verdict, judgements.filter((one) => one.verdict === verdict).length]);
  return counts.filter(([, count]) => count).map(([verdict, count]) => `${numberText(count)} ${verdict}`).join(", ");
}

export function goLiveTree({ checks = [] }) {
  if (!checks.length) return null;
  return h("section", { class: "card golive", "aria-label": "Go-live" },
    h("h2", null, "Go-live ", h("span", { class: "aside" }, tallyText(checks))),
    h("table", null,
      h("thead", null, h("tr", null, ["Verdict", "Clause", "Found", "Again"].map((name) => h("th", null, name)))),
      h("tbody", null, checks.map(row))));
}

function row(one) {
  return h("tr", null,
    h("td", { class: "verdict" }, icon(ICONS[one.verdict]), ` ${one.verdict}`),
    h("td", null, h("strong", null, one.id), h("p", { class: "aside" }, one.clause)),
    h("td", null, one.message,
      one.measured && h("p", { class: "aside" }, one.measured),
      one.advice && h("p", null, h("em", null, one.advice)),
      one.scenario && scenario(one)),
    h("td", null, one.repeat && copyButton(one.repeat, "Copy")));
}

function scenario({ id, scenario: text }) {
  return h("details", null,
    h("summary", null, `${id}.yaml, for aurora-sim run`), h("pre", null, text), copyButton(text, "Copy"));
}
