<?php

/**
 * Orders as the shop has them.
 */
class shopFiscalgatePluginOrders
{
    /**
     * @param int $id
     * @return shopFiscalgatePluginOrder|null
     */
    public function find($id)
    {
        $model = new shopOrderModel();
        $row = $model->getById($id);
        if (!$row) {
            return null;
        }
        $items = new shopOrderItemsModel();
        $params = new shopOrderParamsModel();
        $contact = $this->contactOf((int) $row['contact_id']);
        return new shopFiscalgatePluginOrder($row, $items->getByField('order_id', $id, true), $params->get($id) + $contact);
    }

    /**
     * The receipt is printed: other programs that print receipts are told to leave the order alone, and the owner sees it
     * in the order's history. A record of history sets nothing else going.
     *
     * @param int    $id
     * @param string $text
     * @param bool   $is_sale
     */
    public function tell($id, $text, $is_sale)
    {
        if ($is_sale && class_exists('shopFiscalization')) {
            $fiscalization = new shopFiscalization($id);
            if (!$fiscalization->isFiscalized()) {
                $fiscalization->declareFiscalization('shop_plugin', 'fiscalgate');
            }
        }
        $order = new shopOrderModel();
        $row = $order->getById($id);
        $log = new shopOrderLogModel();
        $log->add(array('order_id' => $id, 'contact_id' => null, 'action_id' => '', 'text' => htmlspecialchars($text),
            'before_state_id' => $row['state_id'], 'after_state_id' => $row['state_id']));
    }

    /** @return array with the keys contact_email and contact_phone */
    private function contactOf($id)
    {
        $found = array('contact_email' => '', 'contact_phone' => '');
        try {
            $contact = new waContact($id);
            $found['contact_email'] = (string) $contact->get('email', 'default');
            $found['contact_phone'] = (string) $contact->get('phone', 'default');
        } catch (waException $e) {
            shopFiscalgatePlugin::log('warning', 'The buyer is not there any more', array('error' => $e->getMessage()));
        }
        return $found;
    }
}
