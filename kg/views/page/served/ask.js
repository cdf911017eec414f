// Questions to the server that this page came from. Its address holds the key; nobody else is asked.

/** The answer to a question, an object. Throws an Error with the server's own sentence. */
export async function ask(name, question) {
  const response = await fetch(name, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
  }).catch(() => null);
  if (!response) throw new Error("The server does not answer: kg serve may have ended.");
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The server refused this (${response.status}).`);
  return answer;
}

/** A function that waits until nobody has called it for a while. */
export function unhurried(act, pause = 150) {
  let waiting = 0;
  return (...facts) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => act(...facts), pause);
  };
}
