/** One message of a `text/event-stream`, as OpenAI writes them: JSON on one line. */
export function serverSentEvent(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
