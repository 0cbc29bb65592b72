#ifndef REGISTRAR_CLIBCRYPTO_SHIM_H
#define REGISTRAR_CLIBCRYPTO_SHIM_H

#include <openssl/evp.h>
#include <openssl/hmac.h>

#endif
