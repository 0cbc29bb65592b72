/// Recognises fields that must not reach the warehouse by their names.
///
/// A name is cut into words at separators and at capitals (`cf_taxID` is `cf`, `tax`, `id`). Short terms must be whole
/// words; long ones may stand anywhere in the name once the separators are gone, so `pass_word` is found too.
package enum NeverStore {
    /// What a field's name says about its value.
    package enum Verdict: Sendable {
        /// Nothing against storing it.
        case allowed
        /// Contact or attribution: dropped unless the configuration names it.
        case contact
        /// A credential, a national or tax id, or billing data: never stored, whatever the configuration says.
        case never
    }

    /// Judges a field by its name.
    package static func verdict(on name: String) -> Verdict {
        let words = words(of: name)
        let joined = words.joined()
        let letters = Array(joined.utf8)
        if words.contains(where: neverWords.contains) || neverTerms.contains(where: { occurs($0, in: letters) }) {
            return .never
        }
        if words.contains(where: contactWords.contains) || contactTerms.contains(where: { occurs($0, in: letters) }) {
            return .contact
        }
        return contactNames.contains(joined) ? .contact : .allowed
    }

    /// Whether a field of this name is a credential, a national id or billing data.
    package static func forbids(_ name: String) -> Bool {
        verdict(on: name) == .never
    }

    private static let neverWords: Set<String> = [
        "secret", "secrets", "pwd", "pin", "otp", "jwt", "ssn", "itin", "ptin", "ein", "tin", "nino", "nin", "cnp",
        "cpf", "cnpj", "curp",
        "pesel", "dni", "nif", "nie", "bsn", "cuil", "cuit", "rut", "vat", "nhs", "hetu", "oib", "jmbg", "egn", "amka",
        "afm",
    ]
    private static let neverTerms: [[UInt8]] = [
        "password", "passwd", "passphrase", "passcode", "clientsecret", "secretkey", "token", "apikey", "accesskey",
        "accesscode",
        "privatekey", "authorization", "credential", "cookie", "socialsecurity", "socialinsurance", "nationalid",
        "nationalinsurance", "nationalnumber", "nationalidentity", "identitynumber", "identitycard", "idcard",
        "personalid", "personalcode", "personnummer", "personalnumber", "codicefiscale", "fiscalcode", "fiscalid",
        "fiscalnumber", "steuernummer", "steuerid", "taxid",
        "taxnumber", "taxpayer", "taxcode", "vatnumber", "vatid", "passport", "driverlicense", "driverslicense",
        "drivinglicence", "aadhaar", "iban", "creditcard", "cardnumber", "bankaccount", "billing", "npsscore",
        "npscomment", "ipaddress",
    ].map { Array($0.utf8) }
    private static let contactWords: Set<String> = [
        "phone", "mobile", "tel", "telephone", "fax", "address", "street", "zip", "zipcode", "postcode", "country",
        "birthday", "birthdate", "dob", "utm", "utms", "referrer",
    ]
    private static let contactTerms: [[UInt8]] = [
        "phone", "postalcode", "postcode", "dateofbirth", "birthdate", "homeaddress", "streetaddress",
    ].map { Array($0.utf8) }
    /// Contact only where the name is this and nothing more: a `plant_location` is none.
    private static let contactNames: Set<String> = ["location", "city", "referrerid"]

    /// By bytes, since a page's names are judged while its records wait.
    private static func occurs(_ term: [UInt8], in letters: [UInt8]) -> Bool {
        letters.withUnsafeBytes { letters in
            guard let base = letters.baseAddress else { return false }
            return SecretScreen.contains(letters, base, term)
        }
    }

    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var previousIsLower = false
        for scalar in name.unicodeScalars {
            let isLetterOrDigit = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            if !isLetterOrDigit || (previousIsLower && scalar.properties.isUppercase) {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if isLetterOrDigit { word += scalar.properties.lowercaseMapping }
            previousIsLower = scalar.properties.isLowercase
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
