/* The encoder stream. */

#ifndef MK_STREAM_H
#define MK_STREAM_H

#include "wire.h"

/* The refusal of a request that is good, but not now. */
mk_refusal mk_wrong_state(void);

/* The number of a new stream, of pictures or audio: never 0, which is "none", and no other's. */
mcki_u32 mk_stream_number(mk_miniport *miniport);

/* The requests of a stream. Each reads miniport->request. */
mk_refusal mk_stream_open(mk_miniport *miniport, MCKI_STREAM_OPENED *opened);
mk_refusal mk_stream_start(mk_miniport *miniport, MCKI_STREAM_STARTED *started);
mk_refusal mk_stream_stop(mk_miniport *miniport);
mk_refusal mk_stream_close(mk_miniport *miniport);
mk_refusal mk_stream_request_idr(mk_miniport *miniport);
mk_refusal mk_stream_set_rate(mk_miniport *miniport);

#endif /* MK_STREAM_H */
