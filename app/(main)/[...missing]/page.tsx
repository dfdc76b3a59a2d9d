import { notFound } from 'next/navigation'

/** Any other address: said within the frame, from where every page is at hand. */
export default function Page(): never {
  notFound()
}
