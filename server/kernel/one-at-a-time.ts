import { PrismaPg } from '@prisma/adapter-pg'
import type { Transaction } from '@prisma/driver-adapter-utils'

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>

/**
 * Sends the statements of a transaction one after another. Prisma asks for the parts of an `include`, and for the pieces of a long
 * list, at once; they have one connection, whose driver will refuse a statement while another runs.
 */
export class OneAtATime extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect()
    const start = adapter.startTransaction.bind(adapter)
    adapter.startTransaction = async (isolationLevel) => inTurn(await start(isolationLevel))
    return adapter
  }
}

function inTurn(transaction: Transaction): Transaction {
  const query = transaction.queryRaw.bind(transaction)
  const execute = transaction.executeRaw.bind(transaction)
  let last: Promise<unknown> = Promise.resolve()
  const after = <T>(send: () => Promise<T>): Promise<T> => {
    const sent = last.then(send, send)
    last = sent
    return sent
  }
  transaction.queryRaw = (asked) => after(() => query(asked))
  transaction.executeRaw = (asked) => after(() => execute(asked))
  return transaction
}
