// Which part of the page lives in which file: what is not to be seen at first is fetched when it is first wanted.
// In: a name. Out: its element, which is in the page from the beginning, ready to be handed props.

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
const asked = new Map(); // by file; what failed is asked for again

/** Rejects where a file cannot be fetched. */
export async function part(name) {
  await Promise.all(FILES[name].map(once));
  return document.querySelector(`sim-${name}`);
}

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
