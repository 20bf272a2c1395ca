/* The audio stream. */

#ifndef MK_AUDIO_H
#define MK_AUDIO_H

#include "wire.h"

/* The requests of audio. Each reads miniport->request. */
mk_refusal mk_audio_open(mk_miniport *miniport, MCKI_STREAM_OPENED *opened);
mk_refusal mk_audio_start(mk_miniport *miniport, MCKI_AUDIO_STARTED *started);
mk_refusal mk_audio_stop(mk_miniport *miniport);
mk_refusal mk_audio_close(mk_miniport *miniport);

#endif /* MK_AUDIO_H */
