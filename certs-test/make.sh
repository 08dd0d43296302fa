#!/usr/bin/env bash
# Makes a test PKI shaped like the country's (SEID 2): root, issuing CA, CRLs, organisations, and the wrong ones for tests.
#
#   certs-test/make.sh DIR
#
# Everything in it says TEST, chains to a root nobody ships, and is made anew on every machine. README.md beside this file
# describes the layout. A complete DIR of this version is left alone; anything else is made beside it and moved into place
# whole, so that an interrupted run leaves nothing half-made.
#
# MSGGW_CERT_NOT_BEFORE and MSGGW_CERT_NOT_AFTER (YYYY-MM-DD) set the validity; the defaults are fixed dates, so that tests
# can pass the time in.
set -euo pipefail
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
organisations=$here/organisations.tsv
not_before=${MSGGW_CERT_NOT_BEFORE:-2025-01-01}
not_after=${MSGGW_CERT_NOT_AFTER:-2035-01-01}

fail() {
    echo "certs-test/make.sh: $*" >&2
    exit 1
}

[ $# -eq 1 ] && [ -n "$1" ] || fail "usage: certs-test/make.sh DIR"
command -v openssl >/dev/null || fail "openssl is missing: apt-get install openssl"
for day in "$not_before" "$not_after"; do
    [[ $day =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] && date -u -d "$day" >/dev/null 2>&1 || fail "not a date (YYYY-MM-DD): $day"
done
[[ $not_before < $not_after ]] || fail "MSGGW_CERT_NOT_BEFORE $not_before is not before MSGGW_CERT_NOT_AFTER $not_after"

mkdir -p "$(dirname "$1")"
target=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
version=$({
    cat "$here/make.sh" "$organisations"
    echo "$not_before $not_after"
} | openssl dgst -sha256 -r | cut -d' ' -f1)

complete() { [ "$(cat "$target/.complete" 2>/dev/null)" = "$version" ]; }

complete && exit 0
if [ -e "$target" ] && [ ! -e "$target/.complete" ] && [ -n "$(ls -A "$target" 2>/dev/null)" ]; then
    fail "$target exists and was not made by this script; name another folder"
fi
exec 9>"$target.lock"
flock 9
complete && exit 0

work=$target.making
rm -rf "$work"
mkdir "$work"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
cd "$work"
log=$work/openssl.log

# ---- Time ------------------------------------------------------------------------------------------------------------

asn1() { date -u -d "$1" +%Y%m%d%H%M%SZ; }
from=$(asn1 "$not_before")
until=$(asn1 "$not_after")
early_end=$(asn1 "$not_before + 30 days")
late_start=$(asn1 "$not_after - 30 days")

# ---- Configuration ---------------------------------------------------------------------------------------------------

authority() { # NAME FOLDER-OF-CA : one CA section
    cat <<CONF
[ $1 ]
database = $work/state/$1.index
certificate = $work/$2.crt
private_key = $work/$2.key
rand_serial = yes
crlnumber = $work/state/$1.crlnumber
new_certs_dir = $work/state
unique_subject = no
default_md = sha256
default_crl_days = 30
policy = any
email_in_dn = no
copy_extensions = none
preserve = yes
crl_extensions = crl
string_mask = utf8only

CONF
}

leaf() { # SECTION KEY-USAGE [MORE...] : one section of leaf extensions
    local section=$1 usage=$2
    shift 2
    printf '[ %s ]\nbasicConstraints = CA:FALSE\n' "$section"
    [ -z "$usage" ] || echo "keyUsage = critical, $usage"
    cat <<CONF
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
certificatePolicies = 2.999.578.1.1
crlDistributionPoints = URI:http://crl.test.invalid/issuing.crl
CONF
    [ $# -eq 0 ] || printf '%s\n' "$@"
    echo
}

mkdir state ca tls wrong shapes
{
    cat <<'CONF'
oid_section = oids

[ oids ]
testPolicy = 2.999.578.1.1

[ req ]
distinguished_name = none
string_mask = utf8only
utf8 = yes

[ none ]

[ any ]
countryName = optional
organizationName = optional
organizationalUnitName = optional
organizationIdentifier = optional
serialNumber = optional
commonName = optional

[ crl ]
authorityKeyIdentifier = keyid

[ root-ext ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash

[ issuing-ext ]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
certificatePolicies = 2.999.578.1.1
crlDistributionPoints = URI:http://crl.test.invalid/root.crl

[ server-ext ]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1

[ other-host-ext ]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:other.test.invalid

CONF
    leaf signing-ext nonRepudiation
    leaf encryption-ext 'digitalSignature, keyEncipherment'
    leaf encryption-data-ext 'digitalSignature, keyEncipherment, dataEncipherment'
    leaf agreement-ext keyAgreement
    leaf encipherment-only-ext keyEncipherment
    leaf no-usage-ext ''
    leaf unknown-critical-ext nonRepudiation '2.999.578.1.2 = critical, ASN1:UTF8String:unknown to everyone'
    authority root ca/root
    authority issuing ca/issuing
    authority tls tls/ca
    authority other-root wrong/other-root-ca
    authority other-issuing wrong/other-issuing-ca
    authority leaf-as-ca wrong/leaf-as-ca
} >state/openssl.cnf
for name in root issuing tls other-root other-issuing leaf-as-ca; do
    : >"state/$name.index"
    echo 'unique_subject = no' >"state/$name.index.attr"
    echo 1000 >"state/$name.crlnumber"
done

# ---- Keys, all at once -----------------------------------------------------------------------------------------------

jobs_running=()
key() { # FILE rsa:BITS | p256
    local file=$1.key kind=$2
    mkdir -p "$(dirname "$file")"
    case $kind in
    rsa:*) openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${kind#rsa:}" -out "$file" 2>>"$log" & ;;
    p256) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$file" 2>>"$log" & ;;
    esac
    jobs_running+=($!)
}
await_keys() {
    local job
    for job in "${jobs_running[@]}"; do
        wait "$job" || fail "making keys failed: $(tail -1 "$log")"
    done
    jobs_running=()
}

rows() { grep -v '^#' "$organisations"; }

for name in ca/root ca/issuing wrong/other-root-ca wrong/other-issuing-ca; do key "$name" rsa:3072; done
for name in tls/ca tls/server tls/expired tls/other-host tls/other-ca; do key "$name" p256; done
key wrong/.3072 rsa:3072
key shapes/.2048 rsa:2048
key wrong/rsa1024 rsa:1024
while IFS=$'\t' read -r number name sets; do
    key "$number/signing" rsa:3072
    key "$number/encryption" rsa:3072
    key "$number/p256/signing" p256
    key "$number/p256/encryption" p256
    case $sets in *rsa2048*)
        key "$number/rsa2048/signing" rsa:2048
        key "$number/rsa2048/encryption" rsa:2048
        ;;
    esac
done < <(rows)
await_keys

# ---- Certificates ----------------------------------------------------------------------------------------------------

run() { openssl "$@" >>"$log" 2>&1 || fail "openssl $1 failed: $(tail -3 "$log")"; }

request() { # FILE SUBJECT
    run req -new -config state/openssl.cnf -key "$1.key" -subj "$2" -out state/request.pem
}
issue() { # AUTHORITY FILE SUBJECT EXTENSIONS [START END [MORE...]]
    local ca=$1 file=$2 subject=$3 extensions=$4 start=${5:-$from} end=${6:-$until}
    shift $(($# < 6 ? $# : 6))
    request "$file" "$subject"
    run ca -batch -notext -config state/openssl.cnf -name "$ca" -utf8 -preserveDN -in state/request.pem -out "$file.crt" \
        -extensions "$extensions" -startdate "$start" -enddate "$end" "$@"
}
self_sign() { # AUTHORITY FILE SUBJECT EXTENSIONS
    request "$2" "$3"
    run ca -batch -notext -config state/openssl.cnf -name "$1" -utf8 -preserveDN -in state/request.pem -out "$2.crt" \
        -selfsign -keyfile "$2.key" -extensions "$4" -startdate "$from" -enddate "$until"
}
organisation() { # NUMBER NAME PURPOSE : the subject of a SEID 2 certificate
    printf '/C=NO/O=%s (TEST)/organizationIdentifier=NTRNO-%s/CN=%s %s TEST' "$2" "$1" "$2" "$3"
}

ca='/C=NO/O=msggw TEST, not an authority/organizationIdentifier=NTRNO-314000099/CN=msggw TEST'
self_sign root ca/root "$ca Root CA" root-ext
issue root ca/issuing "$ca Business CA" issuing-ext
cat ca/issuing.crt ca/root.crt >ca/bundle.pem

while IFS=$'\t' read -r number name sets; do
    signing=$(organisation "$number" "$name" signing)
    encryption=$(organisation "$number" "$name" encryption)
    issue issuing "$number/signing" "$signing" signing-ext
    issue issuing "$number/encryption" "$encryption" encryption-ext
    issue issuing "$number/p256/signing" "$signing" signing-ext
    issue issuing "$number/p256/encryption" "$encryption" agreement-ext
    case $sets in *rsa2048*)
        issue issuing "$number/rsa2048/signing" "$signing" signing-ext
        issue issuing "$number/rsa2048/encryption" "$encryption" encryption-data-ext
        ;;
    esac
done < <(rows)

# ---- TLS -------------------------------------------------------------------------------------------------------------

server=/C=NO/O=msggw\ TEST/CN
self_sign tls tls/ca "$server=msggw TEST TLS CA" root-ext
issue tls tls/server "$server=localhost TEST" server-ext
issue tls tls/expired "$server=localhost TEST" server-ext "$from" "$early_end"
issue tls tls/other-host "$server=other.test.invalid TEST" other-host-ext

# ---- The wrong ones --------------------------------------------------------------------------------------------------

IFS=$'\t' read -r number name _ < <(rows)
signing=$(organisation "$number" "$name" signing)
encryption=$(organisation "$number" "$name" encryption)
wrong() { # AUTHORITY FILE SUBJECT EXTENSIONS [START END [MORE...]] : with the key that the wrong ones share
    [ -e "wrong/$2.key" ] || cp wrong/.3072.key "wrong/$2.key"
    local ca=$1 file=wrong/$2
    shift 2
    issue "$ca" "$file" "$@"
}

wrong issuing expired-signing "$signing" signing-ext "$from" "$early_end"
wrong issuing expired-encryption "$encryption" encryption-ext "$from" "$early_end"
wrong issuing not-yet-valid-signing "$signing" signing-ext "$late_start" "$until"
wrong issuing not-yet-valid-encryption "$encryption" encryption-ext "$late_start" "$until"
wrong issuing revoked-signing "$signing" signing-ext
wrong issuing revoked-encryption "$encryption" encryption-ext
wrong issuing signing-with-encipherment-usage "$signing" encipherment-only-ext
wrong issuing encryption-with-nonrepudiation-usage "$encryption" signing-ext
wrong issuing no-key-usage "$signing" no-usage-ext
wrong issuing unknown-critical-extension "$signing" unknown-critical-ext
wrong issuing other-organisation "$(organisation 314000080 'Et annet foretak' signing)" signing-ext
wrong issuing no-organisation-number "/C=NO/O=$name (TEST)/CN=$name signing TEST" signing-ext
wrong issuing rsa1024 "$signing" signing-ext
wrong issuing sha1 "$signing" signing-ext "$from" "$until" -md sha1
cp wrong/.3072.key wrong/self-signed.key
request wrong/self-signed "$signing"
run ca -batch -notext -config state/openssl.cnf -name root -utf8 -preserveDN -in state/request.pem -out wrong/self-signed.crt \
    -selfsign -keyfile wrong/self-signed.key -extensions signing-ext -startdate "$from" -enddate "$until"

# Another hierarchy whose names are those of the right one: only keys tell them apart.
self_sign other-root wrong/other-root-ca "$ca Root CA" root-ext
issue other-root wrong/other-issuing-ca "$ca Business CA" issuing-ext
wrong other-issuing other-root-signing "$signing" signing-ext
wrong other-issuing other-root-encryption "$encryption" encryption-ext
issue other-issuing tls/other-ca "$server=localhost TEST" server-ext

# A leaf of the right hierarchy that plays CA.
wrong issuing leaf-as-ca "$(organisation 314000080 'Et annet foretak' signing)" signing-ext
wrong leaf-as-ca issued-by-leaf "$signing" signing-ext

# ---- Right, in other shapes ------------------------------------------------------------------------------------------

shape() { # FILE SUBJECT EXTENSIONS
    cp shapes/.2048.key "shapes/$1.key"
    issue issuing "shapes/$1" "$2" "$3"
}
shape seid1-signing "/C=NO/O=$name (TEST)/serialNumber=$number/CN=$name TEST" signing-ext
shape seid1-encryption "/C=NO/O=$name (TEST)/serialNumber=$number/CN=$name TEST" encryption-data-ext
shape number-in-ou "/C=NO/O=$name (TEST)/OU=Avdeling nord-$number/CN=$name TEST" signing-ext
shape number-in-o "/C=NO/O=$name (TEST)-$number/CN=$name TEST" signing-ext
shape sub-unit-in-ou "/C=NO/O=$name (TEST)/OU=Avdeling nord-314000080/organizationIdentifier=NTRNO-$number/CN=$name TEST" signing-ext

# ---- CRLs ------------------------------------------------------------------------------------------------------------

crl() { # AUTHORITY FILE LAST-UPDATE NEXT-UPDATE
    run ca -config state/openssl.cnf -name "$1" -gencrl -crl_lastupdate "$3" -crl_nextupdate "$4" -out "$2"
}
crl root ca/root.crl "$from" "$until"
crl other-root wrong/other-root-ca.crl "$from" "$until"
crl other-issuing wrong/other-issuing-ca.crl "$from" "$until"
crl issuing wrong/issuing-without-revocation.crl "$from" "$until"
for file in revoked-signing revoked-encryption; do
    run ca -config state/openssl.cnf -name issuing -revoke "wrong/$file.crt" -crl_reason keyCompromise
done
# openssl writes the wall clock as the time of revocation; the fixed date keeps every run alike.
sed -i -E "s/^(R\t[^\t]*\t)[^,\t]*/\1${from:2}/" state/issuing.index
crl issuing ca/issuing.crl "$from" "$until"
crl issuing wrong/issuing-expired.crl "$from" "$early_end"
crl issuing wrong/issuing-not-yet-valid.crl "$late_start" "$until"

# ---- Into place ------------------------------------------------------------------------------------------------------

rm -rf state wrong/.3072.key shapes/.2048.key "$log"
find . -name '*.crt' -exec chmod 644 {} +
find . \( -name '*.crl' -o -name '*.pem' \) -exec chmod 644 {} +
echo "$version" >.complete
cd /
rm -rf "$target"
mv "$work" "$target"
