<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate\Field;

use Fiscalgate\Plugin\System\Fiscalgate\Orders;
use Joomla\CMS\Factory;
use Joomla\CMS\Form\Field\ListField;
use Joomla\CMS\HTML\HTMLHelper;
use Joomla\Database\DatabaseInterface;

/**
 * Statuses of orders, as JoomShopping has them.
 */
final class StatusesField extends ListField
{
    protected $type = 'Statuses';

    protected function getOptions()
    {
        $options = [];
        try {
            $orders = new Orders(Factory::getContainer()->get(DatabaseInterface::class));
            foreach ($orders->statuses(Factory::getApplication()->getLanguage()->getTag()) as $id => $name) {
                $options[] = HTMLHelper::_('select.option', (string) $id, $name);
            }
        } catch (\RuntimeException $e) {
            return parent::getOptions(); // JoomShopping is not there yet
        }
        return array_merge(parent::getOptions(), $options);
    }
}
