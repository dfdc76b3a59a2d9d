/**
 * Cedar reads and judges by recursion, in a memory of its own that it does not get back once it ran out: after one text that
 * is too deep, nothing written can be judged until the process ends. What is let through stays below a third of what it bears.
 */
const mostNested = 32
/** Of one policy: operators and attributes that hang on each other. */
const mostLinks = 300

/** Strings and comments hold no operators; what follows is the longest that matches. */
const token = /"(?:[^"\\]|\\.)*"?|\/\/[^\n]*|&&|\|\||\bif\b|[()[\]{};.+*!-]/gs

/** Where a text is nested deeper, or one of its policies longer, than Cedar can be trusted with; null where it is not. */
export function tooMuchForCedar(text: string): { offset: number; message: string; help: string } | null {
  let nested = 0
  let links = 0
  for (const { 0: found, index: offset } of text.matchAll(token)) {
    if (found.startsWith('"') || found.startsWith('/')) continue
    if ('([{'.includes(found)) nested++
    else if (')]}'.includes(found)) nested--
    else if (found === ';') links = 0
    else links++
    if (nested > mostNested)
      return {
        offset,
        message: `Brackets are nested deeper than ${mostNested}.`,
        help: 'Write fewer within each other.',
      }
    if (links > mostLinks)
      return {
        offset,
        message: `A policy has more than ${mostLinks} operators and attributes.`,
        help: 'Write several policies, or ask whether a set contains it.',
      }
  }
  return null
}
