import Extractor
import JSON

/// Mints tokens: `POST /oauth2/access_token` with the client credentials (Sources/Platforms/LearnWorlds/README.md §1).
///
/// Sites differ in how they read the request: what worked is remembered.
struct LearnWorldsTokens: TokenMinting {
    let settings: SourceSettings
    let options: LearnWorldsOptions
    let connectorState: ConnectorState

    private static let bodies = ["data", "form", "json"]

    /// What somebody has written down goes before what worked once.
    private var path: String {
        let written = options.paths[options.tokenPath] ?? options.tokenPath
        return written == LearnWorldsOptions.vendorTokenPath ? connectorState["token_path"] ?? written : written
    }

    func mint(using client: APIClient) async throws -> MintedToken {
        var bodies = [connectorState["token_body"] ?? options.tokenBody]
        bodies += Self.bodies.filter { $0 != bodies[0] }
        var path = self.path
        var body = bodies.removeFirst()
        while true {
            do {
                let token = try await ask(client, path: path, body: body)
                if body != options.tokenBody { connectorState["token_body"] = body }
                if path != self.path { connectorState["token_path"] = path }
                return token
            } catch let error as ExtractorError where error.isOutage {
                // Whoever cannot answer has not looked at the credentials.
                throw Self.unavailable(error)
            } catch let error as ExtractorError where error.code == .platformFailed {
                if Self.isNotThere(error) {
                    guard !path.hasPrefix("/v2") else { throw client.noAPI(status: error.status) }
                    path = "/v2" + path
                } else if error.status == 400, !bodies.isEmpty {
                    body = bodies.removeFirst()
                } else {
                    throw Self.refusal(error)
                }
            }
        }
    }

    /// Whether nothing that gives out tokens is at the path: no credentials were looked at.
    private static func isNotThere(_ error: ExtractorError) -> Bool { [404, 405, 410].contains(error.status) }

    private func ask(_ client: APIClient, path: String, body: String) async throws -> MintedToken {
        let request = APIRequest(.post, path, body: self.body(body), stream: "token")
        let page = try await client.fetch(request, rules: LearnWorldsTokenRules())
        return try page.document.withRoot { root in
            guard let data = root["tokenData"] ?? root["token_data"], let token = data["access_token"]?.string else {
                throw ExtractorError(.badAnswer, "the token answer holds no token")
            }
            return MintedToken(token: Secret(token), statedLife: data["expires_in"]?.double)
        }
    }

    private func body(_ kind: String) -> APIRequest.Body {
        let id = settings.credentials.clientID ?? ""
        let secret = settings.credentials.clientSecret ?? Secret("")
        let json = secret.reveal { secret in
            Secret(
                "{\"client_id\":\(JSONWriter.quoted(id)),\"client_secret\":\(JSONWriter.quoted(secret)),\"grant_type\":\"client_credentials\"}"
            )
        }
        switch kind {
        case "json": return .json(json)
        case "form":
            return .form([
                APIRequest.Argument("client_id", id), APIRequest.Argument("client_secret", secret),
                APIRequest.Argument("grant_type", "client_credentials"),
            ])
        default: return .form([APIRequest.Argument("data", json)])
        }
    }

    private static func unavailable(_ error: ExtractorError) -> ExtractorError {
        var stopping = ExtractorError(
            .tokenUnavailable,
            "no token for now, and no call goes without one: \(error.message)"
        )
        (stopping.status, stopping.request, stopping.stream) = (error.status, error.request, error.stream)
        stopping.platformCode = error.platformCode
        stopping.platformContext = error.platformContext
        stopping.platformMessage = error.platformMessage
        return stopping
    }

    private static func refusal(_ error: ExtractorError) -> ExtractorError {
        var refused = ExtractorError(
            .credentialsRefused,
            "the platform gives out no token: check url, client_id and client_secret"
        )
        refused.status = error.status
        refused.platformCode = error.platformCode
        refused.platformContext = error.platformContext
        refused.platformMessage = error.platformMessage
        refused.request = error.request
        return refused
    }
}

/// How answers to a token request are to be understood.
private struct LearnWorldsTokenRules: AnswerRules {
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
            let isGood = document.withRoot { root in
                root["success"]?.bool != false && (root["tokenData"] ?? root["token_data"])?["access_token"] != nil
            }
            return isGood
                ? .good
                : .credentialsDenied(reason: "the platform gives out no token: check client_id and client_secret")
        case 401, 403: return .credentialsDenied(reason: "check client_id and client_secret")
        case 400:
            let context = answer.document?.withRoot { root in
                root["errors"]?.elements.first { _ in true }?["context"]?.string ?? root["error"]?.string
            }
            switch context {
            case "access_denied", "invalid_client", "unauthorized_client":
                return .credentialsDenied(reason: "check client_id and client_secret")
            default: return .fail(PlatformFailure(context: context))
            }
        case 429: return .pauseHost(reason: "too many requests")
        case 408, 500...: return .retry(reason: "status \(answer.status)")
        default: return .fail(PlatformFailure())
        }
    }
}
