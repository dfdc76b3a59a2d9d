/** The media type without its parameters, and its parameters, in lower case. */
export function mediaType(header: string | null): { type: string; parameters: Record<string, string> } {
  const [type = '', ...rest] = (header ?? '').toLowerCase().split(';')
  const pairs = rest.map((pair) => pair.split('=').map((part) => part.trim().replace(/^"|"$/g, '')))
  return {
    type: type.trim(),
    parameters: Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value])),
  }
}
