// Scripts that put no spaces between words: their letters are searched one by one, in their order.
// The index is made likewise (generator/site/searched.py).

const LETTERS =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}" +
  "\\p{Script=Khmer}\\p{Script=Myanmar}";
const LETTER = new RegExp(`[${LETTERS}]\\p{M}*`, "gu");
const ONLY = new RegExp(`^(?:[${LETTERS}]\\p{M}*|\\s)+$`, "u");
// With the marks that stand between them, of which none has a space beside it either.
const BETWEEN = new RegExp(
  `(?<=[${LETTERS}\\p{M}\u3000-\u303f\uff00-\uffef]) (?=[${LETTERS}\u3000-\u303f\uff00-\uffef])`,
  "gu",
);

export const spaced = (text) => text.replace(LETTER, " $& ");
export const unspaced = (text) => text.replace(BETWEEN, "");
export const isUnspaced = (text) => /\S/.test(text) && ONLY.test(text);
/** Whether nothing stands between two words when they are written. */
export const isJoined = (one, other) => unspaced(`${one} ${other}`) === one + other;
