/*
 * THE RING
 *
 *   base                          base + control_len                            + data_len
 *    | control                     | data span, a power of two                   |
 *    |    0  producer position     |                                             |
 *    |   64  consumer position     |   free   |#### handed over ####|    free    |
 *    |  128  stamp                 |          ^                     ^            |
 *    |                             |          consumer              producer     |
 *
 *   The miniport allocates one for STREAM_OPEN and one for AUDIO_OPEN, maps it into the process
 *   that asks and gives the address there in MCKI_STREAM_OPENED.ring_base. Base and control_len
 *   are multiples of MCKI_RING_PAGE, control_len is at most MCKI_RING_CONTROL_LEN_MAX; data_len
 *   is a power of two from MCKI_RING_PAGE to MCKI_RING_DATA_LEN_MAX. The mapping stays valid
 *   until STREAM_CLOSE or AUDIO_CLOSE (or DxgkDdiMiracastDestroyContext); then the miniport
 *   unmaps it.
 *
 *   Positions count bytes since the ring was made. They are 64 bits wide, only advance, and are
 *   never masked or reset: the byte of position p is at (p mod data_len) of the data span, so a
 *   chunk may wrap around the end. producer - consumer is what is handed over: never more than
 *   data_len. The two are on different cache lines, because each is written by another CPU.
 *
 *   Who writes what:
 *     the miniport    producer, stamp, and the data outside of what is handed over
 *     the driver      consumer; never data
 *
 *   To make a ring: producer = 0, consumer = 0, then a release store of MCKI_RING_STAMP.
 *
 *   To hand a chunk over:
 *     1. load consumer once, with acquire (ReadULong64Acquire): the driver has finished reading
 *        what lies before it;
 *     2. distrust it: it may neither go back nor be more than data_len behind the own position.
 *        Judge by the difference of the positions; if it cannot be, stop the stream;
 *     3. if data_len - (position - consumer) is less than the chunk, there is no room: drop the
 *        rest of the picture, set MCKI_CHUNK_FLAGS_DISCONTINUITY on the next record, and encode an
 *        IDR picture; sound needs only the flag;
 *     4. write the bytes from the own position on, around the end if need be. If the encoder's DMA
 *        writes them, they must be visible to a CPU before the next step;
 *     5. store the new producer position with release (WriteULong64Release). The own position is
 *        kept in memory of the miniport and never read back from the ring;
 *     6. raise the chunk-complete interrupt with the record: after step 5, because a record whose
 *        bytes are not handed over is refused.
 *
 *   To take a chunk the driver loads producer with acquire, copies the bytes, and stores consumer
 *   with release: position + length of the record. A record beyond the consumer position releases
 *   what lies between, which is what is left of records that were lost (DxgkCbNotifyInterrupt
 *   answered STATUS_NO_MEMORY); the driver then asks for an IDR picture.
 *
 *   With MCKI_STREAM_ATTRIBUTES_WRITE_COMBINED the data span may be write-combined, never the
 *   control page: a store fence (sfence on x64) goes before step 5.
 */

