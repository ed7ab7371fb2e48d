// Which part of the page lives in which file: what is not to be seen at first is fetched when it is first wanted.
// In: names, props. Out: elements, which are in the page from the beginning; once there, they are handed the props too.
import { acting } from "sim/scene.js";

const FILES = {
  broken: ["broken.js", "broken.css"],
  emit: ["emit.js", "emit.css"],
  empty: ["empty.js"],
  events: ["events.js", "events.css"],
  faults: ["faults.js", "faults.css"],
  keep: ["keep.js", "keep.css"],
  lesson: ["lessons.js", "lessons.css"],
  lessons: ["lessons.js", "lessons.css"],
  receiver: ["receiver.js", "receiver.css"],
  subscribe: ["subscribe.js", "subscribe.css"],
  subscriptions: ["subscriptions.js", "subscriptions.css"],
};

export class Parts {
  #props = null;
  #came = new Map(); // elements by name
  #missing = new Set(); // what could not be fetched, and is not asked for again by itself

  constructor(say) {
    this.say = say;
  }

  change(props) {
    this.#props = props;
    for (const one of this.#came.values()) one.change(props);
    this.gather(props);
  }

  /** What the state itself asks for; waited for at first, so that nothing on the page moves when it comes. */
  gather(props) {
    const names = wanted(props).filter((name) => !this.#came.has(name) && !this.#missing.has(name));
    return Promise.all(names.map((name) => this.get(name)));
  }

  /** Nothing where its files cannot be read: that is said. */
  async get(name) {
    if (this.#came.has(name)) return this.#came.get(name);
    const files = await Promise.allSettled(FILES[name].map(once)); // one under way is not asked for again
    if (files.some(({ status }) => status === "rejected")) {
      this.#missing.add(name);
      this.say(`the file of ${name} could not be read; is the simulator still running?`);
      return null;
    }
    const one = document.querySelector(`sim-${name}`);
    this.#came.set(name, one);
    if (this.#props) one.change(this.#props);
    return one;
  }

  /** What could not be fetched may be there by now. */
  retry() {
    this.#missing.clear();
  }
}

function wanted({ tab, scene, now, lesson }) {
  const names = [];
  if (tab !== "deliveries") names.push(tab);
  if (acting(scene, now).length) names.push("broken");
  if (lesson) names.push("lesson");
  const nobody = scene.subscriptions.every((one) => one.record.deleted_at);
  if (nobody || !scene.deliveries.length) names.push("empty");
  return names;
}

// ---- files

const asked = new Map(); // by file; what failed is asked for again

function once(file) {
  if (!asked.has(file)) asked.set(file, fetched(file).catch((error) => { asked.delete(file); throw error; }));
  return asked.get(file);
}

const fetched = (file) => (file.endsWith(".css") ? styled(file) : import(`sim/${file}`));

function styled(file) {
  const link = document.createElement("link");
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => { link.remove(); reject(new Error(`no ${file}`)); };
    link.rel = "stylesheet";
    link.href = `/static/${file}`;
    document.head.append(link);
  });
}
