// Stands in until the part is made.
import { Part } from "sim/dom.js";

customElements.define("sim-lessons", class extends Part { render() {} open() {} });
customElements.define("sim-lesson", class extends Part { render() {} });
