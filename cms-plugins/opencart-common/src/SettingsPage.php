<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\TaxSystem;
use Fiscalgate\Sdk\Vat;

/**
 * What the page of settings shows and reads. Texts are not made here: where a value has a name, it is a key of the
 * language files.
 */
final class SettingsPage
{
    /** The core demands names that begin with the kind and the code of an extension. */
    public const GROUP = 'module_fiscalgate';
    public const KEY = 'module_fiscalgate_data';
    public const STATUS = 'module_fiscalgate_status';
    private const VATS = [Vat::RATE_22, Vat::RATE_10, Vat::RATE_7, Vat::RATE_5, Vat::RATE_0, Vat::NONE, Vat::RATE_20];
    private const SUBJECTS = [PaymentSubject::GOODS, PaymentSubject::EXCISABLE_GOODS, PaymentSubject::WORK,
        PaymentSubject::SERVICE, PaymentSubject::INTELLECTUAL, PaymentSubject::PAYMENT, PaymentSubject::AGENT_FEE,
        PaymentSubject::OTHER];

    private Db $db;
    private Generation $generation;

    public function __construct(Db $db, Generation $generation)
    {
        $this->db = $db;
        $this->generation = $generation;
    }

    /** @return array<string, mixed> settings to begin with: what the law wants to be chosen is left open */
    public function defaults(string $site, string $today): array
    {
        $paid = $this->db->row('SELECT `value` FROM {setting} WHERE `store_id` = 0 AND `key` = ?', 'config_complete_status');
        $sale = json_decode((string) ($paid['value'] ?? ''), true);
        return ['site' => $site, 'since' => $today, 'cronToken' => bin2hex(random_bytes(20)),
            'sale' => is_array($sale) ? $sale : [], 'refund' => [11], 'certificatesPay' => true];
    }

    /** @return array<string, mixed> what there is to choose from */
    public function choices(int $language): array
    {
        return [
            'statuses' => $this->db->rows('SELECT `order_status_id` AS `id`, `name` FROM {order_status} WHERE `language_id` = ?'
                . ' ORDER BY `name`', $language),
            'classes' => $this->db->rows('SELECT `tax_class_id` AS `id`, `title` AS `name` FROM {tax_class} ORDER BY `title`'),
            'payments' => array_column(
                $this->db->rows('SELECT DISTINCT `code` FROM {extension} WHERE `type` = ? ORDER BY `code`', 'payment'),
                'code'
            ),
            'taxations' => TaxSystem::ALL,
            'vats' => self::VATS,
            'subjects' => self::SUBJECTS,
            'methods' => [PaymentMethod::FULL, PaymentMethod::FULL_PREPAYMENT],
        ];
    }

    /**
     * What is wrong with the events of the plugin, as the shop has stored them.
     *
     * @return string[] triggers that are missing, switched off, or lead elsewhere
     */
    public function missingEvents(): array
    {
        $stored = [];
        foreach ($this->db->rows('SELECT * FROM {event} WHERE `code` = ?', Generation::CODE) as $row) {
            if ((int) $row['status'] === 1) {
                $stored[(string) $row['trigger']] = (string) $row['action'];
            }
        }
        return array_keys(array_diff_assoc($this->generation->events(), $stored));
    }

    /**
     * What a form has posted, as it was typed: OpenCart hands it on as it would stand in HTML.
     *
     * @param mixed $value
     * @return mixed
     */
    public static function typed($value)
    {
        if (is_array($value)) {
            return array_map([self::class, 'typed'], $value);
        }
        return is_string($value) ? html_entity_decode($value, ENT_QUOTES | ENT_HTML5, 'UTF-8') : $value;
    }
}
