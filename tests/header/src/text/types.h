#include <stddef.h>

/* Integers of a fixed width. <stdint.h> is not used: kits for kernel code did not always have it,
 * and these are right for every compiler of Windows, which the assertions prove. */
typedef unsigned char mcki_u8;
typedef unsigned short mcki_u16;
typedef short mcki_i16;
typedef unsigned int mcki_u32;
typedef unsigned long long mcki_u64;

/* C_ASSERT, without a header of Windows. */
#if defined(__cplusplus)
#define MCKI_ASSERT(condition) static_assert(condition, #condition)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define MCKI_ASSERT(condition) _Static_assert(condition, #condition)
#else
#define MCKI_ASSERT_NAME_(line) mcki_assertion_of_line_##line
#define MCKI_ASSERT_NAME(line) MCKI_ASSERT_NAME_(line)
#define MCKI_ASSERT(condition) \
    typedef char MCKI_ASSERT_NAME(__LINE__)[(condition) ? 1 : -1]
#endif

MCKI_ASSERT(sizeof(mcki_u8) == 1);
MCKI_ASSERT(sizeof(mcki_u16) == 2);
MCKI_ASSERT(sizeof(mcki_i16) == 2);
MCKI_ASSERT(sizeof(mcki_u32) == 4);
MCKI_ASSERT(sizeof(mcki_u64) == 8);

