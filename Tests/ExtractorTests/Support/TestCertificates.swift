import NIOSSL

/// Certificates made for these tests and nothing else, good for a century.
enum TestCertificates {
    /// A certificate and its key.
    struct Identity {
        let certificate: String
        let key: String

        /// How a server of that identity speaks TLS.
        func context() throws -> NIOSSLContext {
            try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map { .certificate($0) },
                    privateKey: .privateKey(NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))
                )
            )
        }
    }

    /// The authority that has signed the others; no machine knows it.
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBnTCCAUOgAwIBAgIUariG61lBR/CHXKJUKPsQrYG0aq4wCgYIKoZIzj0EAwIw
        IzEhMB8GA1UEAwwYUmVnaXN0cmFyIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEzMDE4
        MTE1MloYDzIxMjYxMTA2MTgxMTUyWjAjMSEwHwYDVQQDDBhSZWdpc3RyYXIgdGVz
        dCBhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS29sNGQIwNfyVf
        eNu1DPJ8iphRk5nWiDO8TVzOshdhjWKi/L3cp6gbQ1NPBgd4uUEgGT3kqNcYSZI8
        yCIrPKAro1MwUTAdBgNVHQ4EFgQUCEkUMx3FOOm8WKM+tAPG6M3XhCkwHwYDVR0j
        BBgwFoAUCEkUMx3FOOm8WKM+tAPG6M3XhCkwDwYDVR0TAQH/BAUwAwEB/zAKBggq
        hkjOPQQDAgNIADBFAiAWMC3OAq4/WVsxt+VH02oLAwcXV6Wphz/N/poc3+4QIgIh
        ANGYm2qg1moyr6NPeW577K3F13f/SG3sXuiv99imJVXq
        -----END CERTIFICATE-----
        """

    /// Of `localhost`.
    static let localhost = Identity(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBwjCCAWigAwIBAgIUDTMWRf4xj+DORhDj+6QOxY6/82AwCgYIKoZIzj0EAwIw
            IzEhMB8GA1UEAwwYUmVnaXN0cmFyIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEzMDE4
            MTE1MloYDzIxMjYxMTA2MTgxMTUyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTAT
            BgcqhkjOPQIBBggqhkjOPQMBBwNCAAQTnF3ybtNapJdhsyLwqbMs+xNMCLV6Gb55
            L4Q06+0o/OeozAuda0nFMyCcCLOVwgGDVsBdC0VYHcjFZViy9oOdo4GGMIGDMBQG
            A1UdEQQNMAuCCWxvY2FsaG9zdDAJBgNVHRMEAjAAMAsGA1UdDwQEAwIHgDATBgNV
            HSUEDDAKBggrBgEFBQcDATAdBgNVHQ4EFgQUOe/TNR1UicURKtZOds80BQUf9U4w
            HwYDVR0jBBgwFoAUCEkUMx3FOOm8WKM+tAPG6M3XhCkwCgYIKoZIzj0EAwIDSAAw
            RQIgUrJzVFC7ylYbi8Snq/1E5CB+qjgJGz5YmMtXVHMfVoMCIQDBsmvpCjm4WMkO
            6YDFz12t4JqUteeQ+AoD+CKWdqg7cw==
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJf8XbtXXZs0hJr+o
            F2iVcHmfSU9LoLp1HVS8UMTlRMWhRANCAAQTnF3ybtNapJdhsyLwqbMs+xNMCLV6
            Gb55L4Q06+0o/OeozAuda0nFMyCcCLOVwgGDVsBdC0VYHcjFZViy9oOd
            -----END PRIVATE KEY-----
            """
    )

    /// Of another host.
    static let other = Identity(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIB0jCCAXigAwIBAgIUDTMWRf4xj+DORhDj+6QOxY6/82EwCgYIKoZIzj0EAwIw
            IzEhMB8GA1UEAwwYUmVnaXN0cmFyIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEzMDE4
            MTE1MloYDzIxMjYxMTA2MTgxMTUyWjAcMRowGAYDVQQDDBFvdGhlci5leGFtcGxl
            Lm9yZzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKPMGY+PpdsVaup0f4bFBJKv
            AEwU9YT8yRTSsmEjtQ2eEWiB8SQUAOLSUf+hKhEArxtG2RpafjggdZBqCTMDvTCj
            gY4wgYswHAYDVR0RBBUwE4IRb3RoZXIuZXhhbXBsZS5vcmcwCQYDVR0TBAIwADAL
            BgNVHQ8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0OBBYEFG+rYGBG
            O0IoJXAUtngjfUmCX9fRMB8GA1UdIwQYMBaAFAhJFDMdxTjpvFijPrQDxujN14Qp
            MAoGCCqGSM49BAMCA0gAMEUCIQCpV0YWin8tgx7hbmfoZRllRKNypm9Axxk97Mvt
            XE1zqwIgMVEXjCwugoNjVamOX45J9fCw/ci2+8yKbemqJqSIsBM=
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgsNddhi6AeFmArtDN
            viF8L2Cl6CUcPvMn+BzFZJjJSzWhRANCAASjzBmPj6XbFWrqdH+GxQSSrwBMFPWE
            /MkU0rJhI7UNnhFogfEkFADi0lH/oSoRAK8bRtkaWn44IHWQagkzA70w
            -----END PRIVATE KEY-----
            """
    )
}
