import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { compress } from 'snappy'
import type { OutgoingSeries } from './outbox.ts'

/** `WriteRequest` of Prometheus remote write 1.0, not yet compressed. Labels leave in the order that the protocol asks for. */
export function encodeWriteRequest(series: readonly OutgoingSeries[]): Uint8Array {
  const writer = new BinaryWriter()
  for (const { labels, samples } of series) {
    writer.tag(1, WireType.LengthDelimited).fork()
    for (const name of Object.keys(labels).sort()) {
      writer.tag(1, WireType.LengthDelimited).fork()
      writer.tag(1, WireType.LengthDelimited).string(name)
      writer.tag(2, WireType.LengthDelimited).string(labels[name] ?? '')
      writer.join()
    }
    for (const { at, value } of samples) {
      writer.tag(2, WireType.LengthDelimited).fork()
      writer.tag(1, WireType.Bit64).double(value)
      writer.tag(2, WireType.Varint).int64(at)
      writer.join()
    }
    writer.join()
  }
  return writer.finish()
}

/** Body of one write as it goes over the wire. */
export async function writeBody(series: readonly OutgoingSeries[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await compress(Buffer.from(encodeWriteRequest(series))))
}

/** `again`: nothing is wrong with the request; `dropped`: the intake will never take it. */
export type WriteOutcome = { kind: 'taken' } | { kind: 'again' | 'dropped'; message: string }

export type Intake = { url: string; apiKey: string }

const timeoutMs = 60_000

/** Sends one write. Which answers are worth another try is the protocol's own rule: 5xx and 429 are, other 4xx are not. */
export async function sendWrite(
  intake: Intake,
  series: readonly OutgoingSeries[],
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const body = await writeBody(series)
  try {
    const response = await fetch(new URL('/api/v1/write', intake.url), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${intake.apiKey}`,
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'user-agent': 'infrasage-sandbox',
        'x-prometheus-remote-write-version': '0.1.0',
      },
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    const text = await response.text()
    if (response.ok) return { kind: 'taken' }
    const message = `${response.status} ${text.slice(0, 300)}`
    return { kind: response.status >= 500 || response.status === 429 ? 'again' : 'dropped', message }
  } catch (error) {
    return { kind: 'again', message: error instanceof Error ? error.message : String(error) }
  }
}

/** Waits until the web server says that it is ready, or until `signal` is aborted. */
export async function untilIntakeReady(intake: Intake, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(5_000)])
    const ready = await fetch(new URL('/api/health/ready', intake.url), { signal: limit }).then(
      async (response) => {
        await response.body?.cancel()
        return response.ok
      },
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}
