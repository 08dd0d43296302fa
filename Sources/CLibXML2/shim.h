// What Swift cannot call of libxml2: macros, variadic functions and error structs that change between versions.
#ifndef MSGGW_CLIBXML2_SHIM_H
#define MSGGW_CLIBXML2_SHIM_H

// A libxml2 built with ICU drags in ICU's headers, whose enums clash with those inside Foundation. Only the private fields of
// a struct nobody here touches depend on it.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/c14n.h>
#include <libxml/catalog.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlerror.h>

// xmlCtxtGetLastError returns a const pointer from 2.12 on; copying the fields here keeps Swift the same for both.
static inline int msggw_xml_last_error(xmlParserCtxtPtr context, int *line, const char **message) {
    const xmlError *error = (const xmlError *)xmlCtxtGetLastError(context);
    if (error == NULL) return 0;
    *line = error->line;
    *message = error->message;
    return error->code;
}

static inline void msggw_xml_silent(void *context, const char *format, ...) { (void)context; (void)format; }

// Any external entity, DTD or schema location is refused, whatever the parser was asked for.
static inline xmlParserInputPtr msggw_xml_no_entities(const char *url, const char *id, xmlParserCtxtPtr context) {
    (void)url; (void)id; (void)context;
    return NULL;
}

// xmlFree is a global variable, which Swift cannot call safely.
static inline void msggw_xml_free(void *memory) { xmlFree(memory); }

// The version that is loaded, as digits (20914 is 2.9.14).
static inline const char *msggw_xml_version(void) { return xmlParserVersion; }

// libxml2 keeps this setting per thread, and canonicalisation would print text of the document.
static inline void msggw_xml_silence(void) { xmlSetGenericErrorFunc(NULL, msggw_xml_silent); }

static inline void msggw_xml_initialise(void) {
    xmlInitParser();
    xmlSetExternalEntityLoader(msggw_xml_no_entities);
#ifdef LIBXML_CATALOG_ENABLED
    // No document may name a catalog: the library would make its table of them for the process while it reads that document.
    xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
#endif
    msggw_xml_silence();
}

#endif
