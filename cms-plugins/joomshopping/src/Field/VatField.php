<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate\Field;

use Fiscalgate\Sdk\Vat;
use Joomla\CMS\Form\Field\ListField;
use Joomla\CMS\HTML\HTMLHelper;
use Joomla\CMS\Language\Text;

/**
 * The shop's own rate, or one for all.
 */
final class VatField extends ListField
{
    private const OFFERED = [Vat::NONE, Vat::RATE_0, Vat::RATE_5, Vat::RATE_7, Vat::RATE_10, Vat::RATE_22];

    protected $type = 'Vat';

    protected function getOptions()
    {
        $options = [HTMLHelper::_('select.option', '0', Text::_('PLG_SYSTEM_FISCALGATE_VAT_AUTO'))];
        foreach (self::OFFERED as $vat) {
            $options[] = HTMLHelper::_('select.option', (string) $vat, Text::_('PLG_SYSTEM_FISCALGATE_VAT_' . $vat));
        }
        return array_merge(parent::getOptions(), $options);
    }
}
