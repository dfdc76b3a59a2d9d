import type { Metadata } from 'next'
import { WorkloadPage } from '../../../../components/workload/workload-page.tsx'

type Props = { params: Promise<{ name: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) }
}

export default async function Page({ params }: Props) {
  return <WorkloadPage name={decodeURIComponent((await params).name)} />
}
