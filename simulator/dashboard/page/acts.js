// What a person does to the simulation, by the control API. In: wishes. Out: calls; what was refused is said in the
// server's own words. What comes of it arrives with the stream.
import { del, patch, post } from "sim/api.js";

export class Acts {
  constructor({ say }) {
    this.say = say;
  }

  pace = (wanted) => this.#told(patch("/simulator/clock", wanted), "could not change the clock");
  advance = (wanted) => this.#told(post("/simulator/clock/advance", { ...wanted, wait: false }), "could not advance");
  halt = () => this.#told(del("/simulator/clock/advance"), "could not stop");

  /** Send one past delivery again (R10). Throws the refusal after saying it. */
  resend = async (delivery) => {
    await this.#told(post(`/simulator/deliveries/${delivery}/resend`), "not resent");
    this.say(`delivery ${delivery} is sent again`, "ok");
  };

  async #told(answer, failed) {
    try {
      return await answer;
    } catch (refusal) {
      this.say(`${failed}: ${refusal.message}`, "bad");
      throw refusal;
    }
  }
}

addEventListener("unhandledrejection", (event) => {
  if (event.reason?.problems) event.preventDefault(); // a refusal that was said already
});
