/**
 * GPT-2's byte-level alphabet: every byte has one printable character, the printable bytes themselves and, for the rest in order,
 * the characters from U+0100 on (so that a space is `Ġ`).
 */
function byteOfCharacter(): Map<string, number> {
  const bytes = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte += 1) {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    bytes.set(String.fromCodePoint(printable ? byte : next), byte);
    if (!printable) next += 1;
  }
  return bytes;
}

/**
 * Turns the text tokens of a byte-level vocabulary back to the bytes they stand for.
 *
 * @param vocabulary - one token a line in the order of their ids, as CTranslate2's `vocabulary.txt` has them
 * @param endOfText - the first token that is not text; it and those after it are left out
 * @returns the tokens' bytes, the index being the id
 * @throws Error when `endOfText` is missing or a token has a character outside the alphabet
 */
export function decodeByteLevelVocabulary(
  vocabulary: string,
  endOfText = '<|endoftext|>',
): Buffer[] {
  const lines = vocabulary.split('\n');
  const end = lines.indexOf(endOfText);
  if (end < 0) {
    throw new Error(`The vocabulary has no ${endOfText} among its ${lines.length} lines.`);
  }
  const alphabet = byteOfCharacter();
  return lines.slice(0, end).map((token, id) => {
    const bytes = Array.from(token, (character) => {
      const byte = alphabet.get(character);
      if (byte === undefined) {
        throw new Error(
          `Token ${id} of the vocabulary has ${JSON.stringify(character)}, which is not a byte-level character.`,
        );
      }
      return byte;
    });
    return Buffer.from(bytes);
  });
}
