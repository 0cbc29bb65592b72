import Testing
import Transformer

@Suite("Names of fields that are not stored")
struct NeverStoreTests {
    @Test(
        "credentials, national and tax ids and billing never",
        arguments: [
            "password", "user_password", "pass_word", "passwordHash", "ssn", "cf_ssn", "SSN", "socialSecurityNumber",
            "national_id", "nationalID", "cf_national-insurance", "cnp", "cf_pesel", "codice_fiscale", "taxId",
            "tax_id",
            "cf_tax_number", "ptin", "vat_number", "passport_no", "api_key", "apiKey", "access_token", "refresh-token",
            "client_secret", "secret", "accessCode", "access_code", "pin", "Authorization", "billing_info", "iban",
            "nps_score", "ip_address", "driver's license",
        ]
    )
    func never(name: String) {
        #expect(NeverStore.verdict(on: name) == .never)
        #expect(NeverStore.forbids(name))
    }

    @Test(
        "contact and attribution only when named",
        arguments: [
            "phone", "cf_phone_number", "mobilePhone", "address", "cf_home_address", "country", "birthday",
            "date_of_birth",
            "utms", "utm_source", "referrer_id", "zip", "city", "location",
        ]
    )
    func contact(name: String) {
        #expect(NeverStore.verdict(on: name) == .contact)
    }

    @Test(
        "everything else is stored",
        arguments: [
            "company", "cf_badge", "cf_forklift", "cf_training_level", "fiscal_year", "secretary", "shipping_lane",
            "cf_plant_location", "capacity", "spinning", "cost centre", "", "naïve", "日本", "telling", "cf_1",
        ]
    )
    func allowed(name: String) {
        #expect(NeverStore.verdict(on: name) == .allowed)
    }
}
