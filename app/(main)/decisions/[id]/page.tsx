import type { Metadata } from 'next'
import { DecisionPage } from '../../../../components/decisions/decision-page.tsx'

export const metadata: Metadata = { title: 'Decision' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <DecisionPage id={id} />
}
