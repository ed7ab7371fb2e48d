// Did it pass, and why: the first thing a report says. In: scene. Out: links into the picture, as addresses; its words.
import { h, Part, patch } from "sim/dom.js";
import { tallyText } from "sim/golive.js";
import { glyph } from "sim/ladder.js";
import { icon } from "sim/marks.js";
import { evidenceOf, judgementsOf } from "sim/scene.js";
import { countText, numberText } from "sim/words.js";

const SHOWN = 3; // deliveries that stand beside an expectation
const FIRST = 3; // failed expectations that stand open
const ICONS = { pass: "ok", fail: "bad", warn: "late", unknown: "unknown", skipped: "dash" };
const WORDS = { pass: "holds", fail: "failed", warn: "warning", unknown: "unknown", skipped: "skipped" };
const OPEN = ["fail", "warn", "unknown"]; // what somebody should look at, in this order

const of = (judgements, ...verdicts) => judgements.filter((one) => verdicts.includes(one.verdict));

const holdText = ({ length }) => (length === 1 ? "holds" : "hold");

/** What was not observed was not proven, and what was skipped was not checked: neither of them is a pass. */
export function headline(facts) {
  const all = judgementsOf(facts);
  if (facts.verdict !== "pass") return [ICONS.fail, "Failed"];
  if (of(all, "unknown").length) return [ICONS.unknown, "No failure"];
  if (all.length && all.length === of(all, "skipped").length) return [ICONS.skipped, "Nothing was checked"];
  return [ICONS.pass, "Passed"];
}

/** One sentence: what failed first, or how much of it held. */
function reasonText({ facts, states, deliveries }) {
  const all = judgementsOf(facts);
  const [failed, held] = [of(all, "fail"), of(all, "pass")];
  const noun = facts.checks?.length ? "check" : "expectation";
  const plain = failed.length + held.length === all.length; // nothing but these two: the rest goes without saying
  const told = failed.length ? failed : held;
  const others = tallyText(all.filter((one) => !told.includes(one)));
  const sent = countText(deliveries.length - states.filtered, "delivery");
  const came = `${numberText(states.delivered)} of ${sent} delivered`;
  const share = (some) => `${numberText(some.length)} of ${countText(all.length, noun)}`;
  if (failed.length) return `${share(failed)} failed${plain ? "" : `; ${others}`}. First: ${failed[0].name}.`;
  if (!all.length) return `Nothing was expected; ${came}.`;
  if (!plain) return `${share(held)} ${holdText(held)}, ${others}; ${came}.`;
  return `${all.length === 1 ? `The ${noun} holds` : `All ${countText(all.length, noun)} hold`}; ${came}.`;
}

class Verdict extends Part {
  render() {
    const { scene } = this.props;
    const { facts } = scene;
    const all = judgementsOf(facts).map((one, index) => ({ ...one, index: index + 1 }));
    const open = OPEN.flatMap((verdict) => of(all, verdict));
    const [held, aside] = [of(all, "pass"), of(all, "skipped")];
    const [mark, words] = headline(facts);
    const items = (some) => h("ul", { class: "judgements" }, some.map((one) => judgement(scene, one)));
    const more = (some, text) => some.length > 0 && h("details", null, h("summary", null, text), items(some));
    patch(this,
      h("div", { class: "headline" }, icon(mark, 40), h("div", null,
        h("h1", null, `${words} `, h("span", null, facts.scenario)),
        h("p", { class: "reason" }, reasonText(scene)),
        facts.description && h("p", { class: "aside" }, facts.description))),
      open.length > 0 && items(open.slice(0, FIRST)),
      more(open.slice(FIRST), `More: ${tallyText(open.slice(FIRST))}`),
      more(held, `${numberText(held.length)} of ${numberText(all.length)} ${holdText(held)}`),
      more(aside, `${numberText(aside.length)} skipped`));
  }
}
customElements.define("sim-verdict", Verdict);

function judgement(scene, one) {
  const said = (name, text) => text && [h("dt", null, name), h("dd", null, text)];
  const told = (one.evidence ?? []).filter((piece) => typeof piece === "string");
  const aside = [WORDS[one.verdict], one.where].filter(Boolean).join(" · ");
  return h("li", null, icon(ICONS[one.verdict]),
    h("div", { class: "said" },
      h("h3", null, one.name, h("span", { class: "aside" }, ` ${aside}`)),
      h("dl", null, said(one.clause ? "Clause" : "Expected", one.expected), said("Happened", one.actual),
        said("Evidence", told.join("; ")))),
    evidence(scene, one));
}

/** The first deliveries that show it, as their ladders, and a link that shows all of them in the timeline. */
function evidence(scene, one) {
  const shown = evidenceOf(scene, one);
  const all = shown.length > 1 ? `Show all ${numberText(shown.length)}` : "Show it";
  return shown.length > 0 && h("div", { class: "evidence" },
    shown.slice(0, SHOWN).map(({ id, state }, index) => h("a", {
      href: `#d=${id}&q=evidence:${one.index}`, "aria-label": `Delivery ${id}, ${state}`,
    }, String(id), glyph(scene, shown[index]))),
    h("a", { class: "all", href: `#w=evidence&q=evidence:${one.index}` }, all));
}
