/** Beyond this a number is a fault of its source, whatever the unit. */
const largestValue = 1e18

/** What a forecaster is asked for. */
export type Asked = { horizon: number; levels: readonly number[] }

export type Answer = { ok: true; quantiles: number[][] } | { ok: false; problem: string }

/**
 * Holds the body of an answer against the protocol of docs/forecaster-plugin.md: `quantiles`, one row per lead, one
 * finite, non-negative number per level, none below the one before it.
 */
export function readAnswer(body: string, { horizon, levels }: Asked): Answer {
  const parsed = parse(body)
  if (parsed === undefined) return wrong(`the answer is not JSON: ${excerpt(body)}`)
  const rows =
    parsed !== null && typeof parsed === 'object' && 'quantiles' in parsed ? parsed.quantiles : null
  if (!Array.isArray(rows))
    return wrong('the answer has no list "quantiles"; {"quantiles": [[…], …]} is right')
  if (rows.length !== horizon)
    return wrong(`there are ${rows.length} rows of quantiles, expected ${horizon}, one per lead`)
  const quantiles: number[][] = []
  for (const [i, row] of rows.entries()) {
    const lead = i + 1
    if (!Array.isArray(row) || row.length !== levels.length) {
      const got = Array.isArray(row) ? `${row.length} values` : JSON.stringify(row)
      return wrong(`lead ${lead} has ${excerpt(got)}, expected ${levels.length}, one per level`)
    }
    const clean: number[] = []
    for (const [q, value] of row.entries()) {
      if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > largestValue) {
        const what = excerpt(JSON.stringify(value) ?? '')
        return wrong(
          `lead ${lead}, level ${levels[q]} is ${what}, expected a number from 0 to ${largestValue}`,
        )
      }
      const before = clean[q - 1]
      if (before !== undefined && value < before) {
        return wrong(
          `lead ${lead} crosses: level ${levels[q]} is ${value}, below ${before} at level ${levels[q - 1]}`,
        )
      }
      clean.push(value)
    }
    quantiles.push(clean)
  }
  return { ok: true, quantiles }
}

function wrong(problem: string): Answer {
  return { ok: false, problem }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Fit to be kept and shown: control characters and halves of pairs, which PostgreSQL refuses, are gone. */
function excerpt(text: string): string {
  const line = text
    .slice(0, 1_000)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return line.length > 80 ? `${line.slice(0, 80).toWellFormed()}…` : line.toWellFormed() || 'it is empty'
}
