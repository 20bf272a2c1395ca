/* Which devices the driver may call back for: from before Create to the end of Destroy (DDI-10). */
#ifndef ABI_CALLBACKS_H
#define ABI_CALLBACKS_H

#include "device.h"

void callbacks_allow(struct device *device);
void callbacks_forbid(struct device *device);

#endif
