import Extractor
import JSON

/// Mints tokens: `POST /v1/oauth2/token` with key and secret as basic credentials
/// (Sources/Platforms/Blackboard/README.md §1).
///
/// The platform hands out one token for an application and site, again and again with what is left of its life.
struct BlackboardTokens: TokenMinting {
    let settings: SourceSettings
    let options: BlackboardOptions
    /// How long to wait when the vendor's portal, which alone answers these calls, is in maintenance.
    var maintenanceWaits: [Duration] = [.seconds(60), .seconds(120), .seconds(300)]

    private static let path = "/v1/oauth2/token"

    func mint(using client: APIClient) async throws -> MintedToken {
        var waits = maintenanceWaits[...]
        while true {
            do {
                return try await ask(client)
            } catch let error as ExtractorError where Self.isMaintenance(error) {
                guard let wait = waits.popFirst() else { throw Self.unavailable(error) }
                try await client.wait(for: wait, because: "the vendor's developer portal hands out no token for now")
            }
        }
    }

    /// Whether the portal failed, and not the site: data calls have nothing to do with it.
    private static func isMaintenance(_ error: ExtractorError) -> Bool {
        error.code == .timedOut || (error.status ?? 0) >= 500
    }

    private static func unavailable(_ error: ExtractorError) -> ExtractorError {
        var stopping = ExtractorError(
            .tokenUnavailable,
            "the vendor's developer portal hands out no token, even after minutes: it is in maintenance or down"
        )
        (stopping.status, stopping.request, stopping.stream) = (error.status, error.request, error.stream)
        return stopping
    }

    private func ask(_ client: APIClient) async throws -> MintedToken {
        let id = settings.credentials.clientID ?? ""
        let basic = (settings.credentials.clientSecret ?? Secret("")).reveal { secret in
            Secret("Basic " + Base64.encode(Array("\(id):\(secret)".utf8)))
        }
        var request = APIRequest(
            .post,
            options.paths[Self.path] ?? Self.path,
            body: .form([APIRequest.Argument("grant_type", "client_credentials")]),
            stream: "token"
        )
        request.headers.append(APIRequest.Argument("Authorization", basic))
        let page = try await client.fetch(request, rules: BlackboardTokenRules())
        return try page.document.withRoot { root in
            guard let token = root["access_token"]?.string else {
                throw ExtractorError(.badAnswer, "the token answer holds no token")
            }
            return MintedToken(token: Secret(token), statedLife: root["expires_in"]?.double)
        }
    }
}

/// How answers to a token request are to be understood.
struct BlackboardTokenRules: AnswerRules {
    func judge(_ answer: Answer) -> Verdict {
        switch answer.status {
        case 200..<300:
            guard let document = answer.document else {
                return .retry(
                    reason: answer.isHTML
                        ? "the answer is a web page: check url and options.api_root"
                        : answer.documentFault ?? "the answer is empty"
                )
            }
            let hasToken = document.withRoot { $0["access_token"]?.string?.isEmpty == false }
            return hasToken ? .good : .retry(reason: "the token answer holds no token")
        case 401, 403:
            return .credentialsDenied(
                reason: "check client_id and client_secret, and that the application is enabled on this Learn site"
            )
        // No maintenance answers so: there is nothing at this path, and waiting brings nothing.
        case 404, 405, 410: return .noAPI
        case 400: return .fail(BlackboardComplaint(answer).failure)
        case 429: return .pauseHost(reason: "too many requests")
        case 408: return .retry(reason: "status 408")
        // Maintenance of the portal lasts minutes: the minting waits, not the call.
        default: return .fail(BlackboardComplaint(answer).failure)
        }
    }
}
