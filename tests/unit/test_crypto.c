#include "crypto/prim.h"

#include <string.h>

#include "bulla/codec.h"

#include "unit.h"

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

/* The bytes of hexadecimal TEXT in OUT. */
static struct bulla_bytes unhex(const char *text, uint8_t *out, size_t cap)
{
    size_t len = 0;
    ck_assert(bulla_hex_decode(bulla_bytes_of(text), out, cap, &len));
    return bulla_bytes(out, len);
}

static void assert_hex(const uint8_t *bytes, size_t len, const char *want)
{
    uint8_t expected[256];
    struct bulla_bytes view = unhex(want, expected, sizeof expected);
    ck_assert_uint_eq(view.len, len);
    ck_assert_msg(memcmp(bytes, expected, len) == 0, "not %s", want);
}

/* The first 32 bytes of each RFC 7693 BLAKE2b-512. */
START_TEST(hash_is_blake2b_over_all_parts)
{
    uint8_t out[32];
    prim_hash(out, NULL, 0);
    assert_hex(out, 32, "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419");
    const struct bulla_bytes whole[] = {LIT("abc")};
    prim_hash(out, whole, 1);
    assert_hex(out, 32, "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1");
    const struct bulla_bytes parts[] = {LIT("a"), bulla_bytes(NULL, 0), LIT("bc")};
    prim_hash(out, parts, 3);
    assert_hex(out, 32, "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1");
}
END_TEST

START_TEST(sha256_is_fips_180)
{
    uint8_t out[32];
    prim_sha256(out, LIT("abc"));
    assert_hex(out, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    prim_sha256(out, bulla_bytes(NULL, 0));
    assert_hex(out, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

/* RFC 4231, cases 1, 2 and 6. */
START_TEST(hmac_is_rfc_4231)
{
    uint8_t out[32];
    uint8_t key[131];
    memset(key, 0x0b, 20);
    const struct bulla_bytes first[] = {LIT("Hi There")};
    prim_hmac(out, bulla_bytes(key, 20), first, 1);
    assert_hex(out, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    const struct bulla_bytes second[] = {LIT("what do ya want "), LIT("for nothing?")};
    prim_hmac(out, LIT("Jefe"), second, 2);
    assert_hex(out, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    const struct bulla_bytes sixth[] = {
        LIT("Test Using Larger Than Block-Size Key - Hash Key First")};
    prim_hmac(out, bulla_bytes(key, sizeof key), sixth, 1);
    assert_hex(out, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

/* RFC 5869, appendix A.1 to A.3: the first 32 bytes of each output. */
static const struct {
    const char *key;
    const char *salt;
    const char *info;
    const char *out;
} hkdf_cases[] = {
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
     "f0f1f2f3f4f5f6f7f8f9", "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"},
    {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
     "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
     "404142434445464748494a4b4c4d4e4f",
     "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
     "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
     "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
     "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
     "d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef"
     "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
     "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"},
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"},
};

START_TEST(hkdf_is_rfc_5869)
{
    uint8_t key[128];
    uint8_t salt[128];
    uint8_t info[128];
    uint8_t out[32];
    prim_hkdf(out, unhex(hkdf_cases[_i].key, key, sizeof key),
              unhex(hkdf_cases[_i].salt, salt, sizeof salt),
              unhex(hkdf_cases[_i].info, info, sizeof info));
    assert_hex(out, 32, hkdf_cases[_i].out);
}
END_TEST

START_TEST(expand_is_the_second_half_of_hkdf)
{
    uint8_t key[32];
    uint8_t info[16];
    uint8_t out[32];
    (void)unhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", key, 32);
    prim_expand(out, key, unhex("f0f1f2f3f4f5f6f7f8f9", info, sizeof info));
    assert_hex(out, 32, hkdf_cases[0].out);
}
END_TEST

/* RFC 8439, 2.8.2. */
START_TEST(encryption_is_rfc_8439)
{
    static const char text[] =
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
        "future, sunscreen would be it.";
    uint8_t key[32];
    uint8_t nonce[12];
    uint8_t aad[12];
    uint8_t sealed[sizeof text - 1 + PRIM_TAG_BYTES];
    uint8_t opened[sizeof sealed];
    for (unsigned i = 0; i < 32; i++) {
        key[i] = (uint8_t)(0x80 + i);
    }
    (void)unhex("070000004041424344454647", nonce, sizeof nonce);
    struct bulla_bytes extra = unhex("50515253c0c1c2c3c4c5c6c7", aad, sizeof aad);
    prim_encrypt(sealed, LIT(text), extra, nonce, key);
    assert_hex(sealed, sizeof sealed,
               "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
               "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
               "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
               "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691");
    struct bulla_bytes view = bulla_bytes(sealed, sizeof sealed);
    ck_assert(prim_decrypt(opened, view, extra, nonce, key));
    assert_bytes(bulla_bytes(opened, sizeof text - 1), text);

    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 0x10;
        ck_assert(!prim_decrypt(opened, view, extra, nonce, key));
        sealed[i] ^= 0x10;
    }
    ck_assert(!prim_decrypt(opened, view, bulla_bytes(aad, 11), nonce, key));
    ck_assert(!prim_decrypt(opened, bulla_bytes(sealed, sizeof sealed - 1), extra, nonce, key));
    for (size_t len = 0; len < PRIM_TAG_BYTES; len++) {
        ck_assert(!prim_decrypt(opened, bulla_bytes(sealed, len), extra, nonce, key));
    }
    nonce[0] ^= 1;
    ck_assert(!prim_decrypt(opened, view, extra, nonce, key));
}
END_TEST

START_TEST(encryption_works_in_place_and_on_nothing)
{
    uint8_t key[32] = {1};
    uint8_t nonce[12] = {2};
    uint8_t data[5 + PRIM_TAG_BYTES] = "hello";
    prim_encrypt(data, bulla_bytes(data, 5), bulla_bytes(NULL, 0), nonce, key);
    ck_assert(memcmp(data, "hello", 5) != 0);
    ck_assert(prim_decrypt(data, bulla_bytes(data, sizeof data), bulla_bytes(NULL, 0), nonce, key));
    ck_assert(memcmp(data, "hello", 5) == 0);
    uint8_t tag[PRIM_TAG_BYTES];
    uint8_t none[1];
    prim_encrypt(tag, bulla_bytes(NULL, 0), bulla_bytes(NULL, 0), nonce, key);
    ck_assert(prim_decrypt(none, bulla_bytes(tag, sizeof tag), bulla_bytes(NULL, 0), nonce, key));
}
END_TEST

/* RFC 7748, 5.2: two vectors, and the iteration. */
START_TEST(x25519_is_rfc_7748)
{
    uint8_t scalar[32];
    uint8_t point[32];
    uint8_t out[32];
    (void)unhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", scalar, 32);
    (void)unhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", point, 32);
    ck_assert(prim_x25519(out, scalar, point));
    assert_hex(out, 32, "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    (void)unhex("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", scalar, 32);
    (void)unhex("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493", point, 32);
    ck_assert(prim_x25519(out, scalar, point));
    assert_hex(out, 32, "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");

    uint8_t nine[32] = {9};
    uint8_t by_base[32];
    memcpy(scalar, nine, 32);
    memcpy(point, nine, 32);
    prim_x25519_public(by_base, scalar);
    for (unsigned i = 1; i <= 1000; i++) {
        ck_assert(prim_x25519(out, scalar, point));
        memcpy(point, scalar, 32);
        memcpy(scalar, out, 32);
        if (i == 1) {
            ck_assert(memcmp(out, by_base, 32) == 0);
            assert_hex(out, 32, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
        }
    }
    assert_hex(out, 32, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}
END_TEST

/* All points of low order, and those that reduce to one. */
static const char *const low_order_points[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

START_TEST(x25519_refuses_low_order_points)
{
    uint8_t scalar[32];
    uint8_t point[32];
    uint8_t out[32];
    prim_random(scalar, sizeof scalar);
    (void)unhex(low_order_points[_i], point, 32);
    ck_assert(!prim_x25519(out, scalar, point));
}
END_TEST

/* RFC 8032, 7.1. */
static const struct {
    const char *seed;
    const char *public_key;
    const char *message;
    const char *signature;
} signatures[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
};

START_TEST(signatures_are_rfc_8032)
{
    uint8_t seed[32];
    uint8_t public_key[32];
    uint8_t secret[PRIM_SIGN_SECRET_BYTES];
    uint8_t signature[PRIM_SIGNATURE_BYTES];
    uint8_t text[16];
    (void)unhex(signatures[_i].seed, seed, sizeof seed);
    struct bulla_bytes message = unhex(signatures[_i].message, text, sizeof text);
    prim_sign_keys(public_key, secret, seed);
    assert_hex(public_key, 32, signatures[_i].public_key);
    ck_assert(prim_sign_public_is_valid(public_key));
    prim_sign(signature, message, secret);
    assert_hex(signature, 64, signatures[_i].signature);
    ck_assert(prim_verify(signature, message, public_key));

    for (size_t i = 0; i < sizeof signature; i++) {
        signature[i] ^= 1;
        ck_assert(!prim_verify(signature, message, public_key));
        signature[i] ^= 1;
    }
    ck_assert(!prim_verify(signature, LIT("another message"), public_key));
    public_key[0] ^= 1;
    ck_assert(!prim_verify(signature, message, public_key));
}
END_TEST

/* S and S + L sign the same; only the smaller may verify, or a record would have two ids. */
START_TEST(signatures_have_one_form)
{
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                      0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                      0,    0,    0,    0,    0,    0,    0,    0,
                                      0,    0,    0,    0,    0,    0,    0,    0x10};
    uint8_t seed[32] = {7};
    uint8_t public_key[32];
    uint8_t secret[PRIM_SIGN_SECRET_BYTES];
    uint8_t signature[PRIM_SIGNATURE_BYTES];
    prim_sign_keys(public_key, secret, seed);
    prim_sign(signature, LIT("x"), secret);
    ck_assert(prim_verify(signature, LIT("x"), public_key));
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)signature[32 + i] + order[i];
        signature[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    ck_assert(!prim_verify(signature, LIT("x"), public_key));
}
END_TEST

static const struct {
    const char *what;
    const char *point;
} bad_public_keys[] = {
    {"the neutral element", "0100000000000000000000000000000000000000000000000000000000000000"},
    {"order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
    {"order 4", "0000000000000000000000000000000000000000000000000000000000000000"},
    {"order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"},
    {"order 8, the other one", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"},
    {"the neutral element not canonical",
     "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
    {"off the curve", "0200000000000000000000000000000000000000000000000000000000000000"},
    {"all ones", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
};

START_TEST(public_keys_of_no_use_are_refused)
{
    uint8_t key[32];
    uint8_t signature[PRIM_SIGNATURE_BYTES] = {1};
    (void)unhex(bad_public_keys[_i].point, key, sizeof key);
    ck_assert_msg(!prim_sign_public_is_valid(key), "%s", bad_public_keys[_i].what);
    /* R the neutral element and S zero: what a key of low order would let pass for any message. */
    ck_assert_msg(!prim_verify(signature, LIT("any"), key), "%s", bad_public_keys[_i].what);
}
END_TEST

START_TEST(padding_fills_blocks_and_comes_off)
{
    uint8_t data[64];
    for (size_t len = 0; len <= 32; len++) {
        size_t unpadded = 99;
        memset(data, 'x', sizeof data);
        size_t padded = prim_pad(data, len, sizeof data, 16);
        ck_assert_uint_eq(padded, (len / 16 + 1) * 16);
        ck_assert_uint_eq(data[len], 0x80);
        ck_assert(prim_unpad(data, padded, 16, &unpadded));
        ck_assert_uint_eq(unpadded, len);
    }
    ck_assert_uint_eq(prim_pad(data, 16, 31, 16), 0);
}
END_TEST

START_TEST(broken_padding_is_refused)
{
    uint8_t data[32] = {0};
    size_t len = 0;
    ck_assert(!prim_unpad(data, 0, 16, &len));
    ck_assert(!prim_unpad(data, 16, 16, &len)); /* no mark */
    ck_assert(!prim_unpad(data, 15, 16, &len));
    data[16] = 0x81;
    ck_assert(!prim_unpad(data, 32, 16, &len)); /* another mark */
    data[16] = 0;
    data[10] = 0x80;
    ck_assert(!prim_unpad(data, 32, 16, &len)); /* the mark a block too early */
}
END_TEST

START_TEST(random_numbers_stay_below_their_limit)
{
    unsigned tally[7] = {0};
    for (unsigned i = 0; i < 7000; i++) {
        uint32_t number = prim_random_below(7);
        ck_assert_uint_lt(number, 7);
        tally[number]++;
    }
    for (unsigned i = 0; i < 7; i++) {
        ck_assert_uint_gt(tally[i], 700);
    }
    uint8_t a[32];
    uint8_t b[32];
    prim_random(a, sizeof a);
    prim_random(b, sizeof b);
    ck_assert(!prim_equal(a, b, sizeof a));
    ck_assert(prim_equal(a, a, sizeof a));
    ck_assert(prim_equal(NULL, NULL, 0));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("crypto");
    TCase *tcase = tcase_create("prim");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, hash_is_blake2b_over_all_parts);
    tcase_add_test(tcase, sha256_is_fips_180);
    tcase_add_test(tcase, hmac_is_rfc_4231);
    tcase_add_loop_test(tcase, hkdf_is_rfc_5869, 0, COUNT(hkdf_cases));
    tcase_add_test(tcase, expand_is_the_second_half_of_hkdf);
    tcase_add_test(tcase, encryption_is_rfc_8439);
    tcase_add_test(tcase, encryption_works_in_place_and_on_nothing);
    tcase_add_test(tcase, x25519_is_rfc_7748);
    tcase_add_loop_test(tcase, x25519_refuses_low_order_points, 0, COUNT(low_order_points));
    tcase_add_loop_test(tcase, signatures_are_rfc_8032, 0, COUNT(signatures));
    tcase_add_test(tcase, signatures_have_one_form);
    tcase_add_loop_test(tcase, public_keys_of_no_use_are_refused, 0, COUNT(bad_public_keys));
    tcase_add_test(tcase, padding_fills_blocks_and_comes_off);
    tcase_add_test(tcase, broken_padding_is_refused);
    tcase_add_test(tcase, random_numbers_stay_below_their_limit);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
