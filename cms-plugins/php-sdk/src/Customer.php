<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * The buyer: where the receipt goes, and, if he wants to be named in it, who he is.
 */
final class Customer
{
    private string $contact;
    private string $name = '';
    private string $inn = '';
    private string $birthDate = '';
    private string $citizenship = '';
    private string $documentCode = '';
    private string $document = '';
    private string $address = '';

    private function __construct(string $contact)
    {
        $this->contact = $contact;
    }

    public static function email(string $email): self
    {
        $email = trim($email);
        if (!Contact::isEmail($email)) {
            throw new ValidationException('customer.email', 'is not an e-mail address');
        }
        return new self($email);
    }

    public static function phone(string $phone): self
    {
        return new self(Contact::requirePhone($phone, 'customer.phone'));
    }

    /** What a shop usually knows: the address if it is one, else the phone. */
    public static function emailOrPhone(string $email, string $phone): self
    {
        return Contact::isEmail(trim($email)) ? self::email($email) : self::phone($phone);
    }

    /** A buyer who leaves no contact: for receipts on paper. */
    public static function withoutContact(): self
    {
        return new self('');
    }

    /** For organisations and sole traders; the tag 1228 needs the name 1227. */
    public function withCompany(string $name, string $inn): self
    {
        $copy = clone $this;
        $copy->name = Text::required($name, 256, 'customer.name');
        $copy->inn = Contact::requireInn($inn, 'customer.inn');
        return $copy;
    }

    /**
     * A person who has no INN, by a document (FFD 1.2).
     *
     * @param string $birthDate DD.MM.YYYY
     * @param string $documentCode kind of document by tag 1245; "21" is the Russian passport
     * @param string $citizenship three digits by OKSM, "643" is Russia
     */
    public function withPassport(
        string $name,
        string $birthDate,
        string $documentCode,
        string $document,
        string $citizenship = '643'
    ): self {
        $copy = clone $this;
        $copy->name = Text::required($name, 256, 'customer.name');
        $copy->birthDate = Day::check($birthDate, 'customer.birthDate');
        $copy->documentCode = self::digits($documentCode, 2, 'customer.documentCode');
        $copy->document = Text::required($document, 64, 'customer.document');
        $copy->citizenship = self::digits($citizenship, 3, 'customer.citizenship');
        return $copy;
    }

    public function withAddress(string $address): self
    {
        $copy = clone $this;
        $copy->address = Text::required($address, 256, 'customer.address');
        return $copy;
    }

    public function getContact(): string
    {
        return $this->contact;
    }

    /** @return array<string, mixed> what stands in the receipt */
    public function toData(string $ffdVersion): array
    {
        $about = array_filter([
            'clientName_1227' => $this->name, 'clientInn_1228' => $this->inn, 'birthDate_1243' => $this->birthDate,
            'citizenship_1244' => $this->citizenship, 'documentCode_1245' => $this->documentCode,
            'documentData_1246' => $this->document, 'clientAddress_1254' => $this->address,
        ], 'strlen');
        $data = $this->contact === '' ? [] : ['sendToEmail_1008' => $this->contact];
        if ($about === []) {
            return $data;
        }
        if ($ffdVersion === FfdVersion::V1_2) {
            return $data + ['clientInfo_1256' => $about];
        }
        return $data + array_intersect_key($about, ['clientName_1227' => 1, 'clientInn_1228' => 1]);
    }

    private static function digits(string $text, int $count, string $field): string
    {
        if (preg_match('/^\d{' . $count . '}$/D', $text) !== 1) {
            throw new ValidationException($field, 'is not ' . $count . ' digits');
        }
        return $text;
    }
}
